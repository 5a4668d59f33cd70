"""Whoever changes hours or holidays is told what still goes by the old ones."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from leadrouting.common.console import OpsAdmin
from leadrouting.teams.signals import hours_saved


class TellsHours(OpsAdmin):
    """`hours_in` are the fields that say in whose time things count; empty: all of the page."""

    hours_in: Collection[str] = ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if self.hours_in:
            is_changed = not set(self.hours_in).isdisjoint(form.changed_data)
        else:
            is_changed = form.has_changed() or any(formset.has_changed() for formset in formsets)
        if is_changed:
            self.tell_hours(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        self.tell_hours(request)

    def tell_hours(self, request: HttpRequest) -> None:
        answers: list[tuple[Any, Any]] = hours_saved.send(type(self))
        for _, said in answers:
            if said:
                self.message_user(request, said, messages.INFO)
