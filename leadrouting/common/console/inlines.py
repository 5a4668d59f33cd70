"""Rows edited on the page of what they belong to."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.forms import BaseForm, IntegerField
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.forms import PaginationInlineFormSet

from leadrouting.common.console.selects import SharedOptions


class Inline(SharedOptions, TabularInline):
    extra = 0
    hide_title = True


class ReadOnlyInline(Inline):
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PositionedFormSet(PaginationInlineFormSet):
    """Rows in an order that people choose: by the position given, new rows without one at the end."""

    ordering = "position"

    def add_fields(self, form: BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        position = form.fields[self.ordering]
        if isinstance(position, IntegerField):
            position.required = False

    def save(self, commit: bool = True) -> Any:
        for number, form in enumerate(self.in_order(), start=1):
            if getattr(form.instance, self.ordering) != number:
                setattr(form.instance, self.ordering, number)
                form.changed_data.append(self.ordering)
                form.__dict__.setdefault("_moved", True)
        return super().save(commit)

    def kept(self) -> list[BaseForm]:
        """The filled rows that stay, as posted."""
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not self._should_delete_form(form)
        ]

    def in_order(self) -> list[BaseForm]:
        def place(form: BaseForm) -> tuple[bool, int]:
            given = form.cleaned_data.get(self.ordering) if form.is_bound else None
            return given is None or not form.instance.pk and not given, given or 0

        return sorted(self.kept(), key=place)
