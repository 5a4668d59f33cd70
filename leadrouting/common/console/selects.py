"""Selects of foreign keys that read their options once per request, however many rows show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.text import capfirst

from leadrouting.common.console.once import once

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    Base = BaseModelAdmin[Any]
else:
    Base = object


class SharedOptions(Base):
    """For model admins and inlines. Rows whose key is another row's (a rep's is its user's) are named by it."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        plain = db_field.name not in (*self.autocomplete_fields, *self.raw_id_fields)
        above = getattr(self, "fk_name", None)
        is_parent = db_field.related_model is getattr(self, "parent_model", None) and above in (
            None,
            db_field.name,
        )
        if (
            field is not None and field.queryset is not None and plain and not is_parent
        ):  # nobody chooses a parent
            rows = field.queryset = with_names(field.queryset)
            share_options(field, rows, request)
        return field

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the icons beside a select, because the sidebar leads there; “Is active” is just “Active”."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if (label := str(field.label)).startswith("Is "):
            field.label = capfirst(label.removeprefix("Is "))
        return field


def with_names(rows: QuerySet[Model]) -> QuerySet[Model]:
    key = rows.model._meta.pk
    return rows.select_related(key.name) if key.remote_field else rows


def share_options(field: ModelChoiceField, rows: QuerySet[Model], request: HttpRequest) -> None:
    options = once(request, str(rows.query), lambda: [(row.pk, str(row)) for row in rows])
    blank = [] if field.empty_label is None else [("", field.empty_label)]
    field.choices = [*blank, *options]
