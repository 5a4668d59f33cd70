"""Rows edited on the page of what they belong to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseModelForm
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet

from leadrouting.common.console.selects import SharedOptions

ROW_GONE = (
    "Somebody else has removed a row of this table in the meantime, perhaps you in another tab. Open the page "
    "again, and change there what is still to be changed."
)


class KeptFormSet(PaginationInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self._pk_field.name in form.errors for form in self.initial_forms):
            raise ValidationError(ROW_GONE)

    def kept(self) -> list[BaseModelForm[Any]]:
        """The filled rows that stay, as posted."""
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not self._should_delete_form(form)
        ]


class Inline(SharedOptions, TabularInline):
    formset = KeptFormSet
    extra = 0
    hide_title = True


class ReadOnlyInline(Inline):
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PositionedFormSet(KeptFormSet):
    """Rows in an order that people choose, numbered from 1 when saved; new rows come last."""

    ordering = "position"

    def add_fields(self, form: BaseModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        if self.ordering in form.fields:
            form.fields[self.ordering].required = False

    def save(self, commit: bool = True) -> Any:
        for number, form in enumerate(sorted(self.kept(), key=self.place), start=1):
            if getattr(form.instance, self.ordering) != number:
                setattr(form.instance, self.ordering, number)
                form.changed_data.append(self.ordering)
        return super().save(commit)

    def place(self, form: BaseModelForm[Any]) -> tuple[bool, int]:
        given = form.cleaned_data.get(self.ordering)
        return given is None or (form.instance.pk is None and not given), given or 0
