"""The model admin that all others build on, and the one for what nobody edits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.db import IntegrityError
from django.db.models import PROTECT, DurationField, Field, Model, TextField, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.paginator import InfinitePaginator
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from leadrouting.common.console.meanwhile import said_of
from leadrouting.common.console.selects import SharedOptions
from leadrouting.common.spans import SpanField
from leadrouting.engine.sentences import join


class Switched(Protocol):
    is_active: bool


class OpsAdmin(SharedOptions, ModelAdmin):
    """Never counts a whole table, warns of unsaved work, and says why a row must stay."""

    paginator = InfinitePaginator
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    warn_unsaved_form = True
    keep_because = "Switch it off instead, or move what refers to it first."
    formfield_overrides: ClassVar[Mapping[type[Field[Any, Any]], Mapping[str, Any]]] = {
        DurationField: {"form_class": SpanField, "widget": UnfoldAdminTextInputWidget},
        TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
        URLField: {"widget": UnfoldAdminURLInputWidget, "assume_scheme": "https"},
    }

    @display(description="Active", boolean=True, ordering="is_active")
    def active(self, obj: Switched) -> bool:
        return obj.is_active

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the database refuses (the forms looked, and then somebody else was faster) is told, not a fault."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            self.message_user(request, said_of(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Two ways to save are enough."""
        context.setdefault("show_save_and_add_another", False)
        return super().render_change_form(request, context, *args, **kwargs)

    def why_kept(self, obj: Model) -> str:
        """Why this row cannot be deleted, and what to do instead; empty when it can."""
        users = kinds_that_need(obj)
        if not users:
            return ""
        return f"“{obj}” cannot be deleted: {join(users)} still refer to it. {self.keep_because}"

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and (why := self.why_kept(obj)):
            self.message_user(request, why, messages.ERROR)
            return HttpResponseRedirect(self.change_url(obj))
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """For the action on many rows: the same sentences in place of a list of every row that refers to them."""
        kept = [why for obj in objs if (why := self.why_kept(obj))]
        return ([], {}, set(), kept) if kept else super().get_deleted_objects(objs, request)

    def change_url(self, obj: Model) -> str:
        meta = self.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[obj.pk])


class ReadOnly(OpsAdmin):
    """What the system writes and people only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def kinds_that_need(obj: Model) -> list[str]:
    """Plural names of the kinds of rows that refer to this one and would lose their meaning without it."""
    return [
        str(capfirst(relation.related_model._meta.verbose_name_plural))
        for relation in obj._meta.related_objects
        if relation.on_delete is PROTECT
        and relation.related_model._base_manager.filter(**{relation.field.name: obj.pk}).exists()
    ]
