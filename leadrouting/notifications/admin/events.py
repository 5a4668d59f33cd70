"""What happened to leads, as other systems and sequences hear of it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action

from leadrouting.common.console import ReadOnly
from leadrouting.notifications.admin.filters import HandedOn
from leadrouting.notifications.models import Event


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["kind", "lead", "at", "spread_at", "error"]
    list_select_related = ["lead"]
    list_filter = [HandedOn, "kind"]
    list_filter_submit = True
    search_fields = ["lead__name", "=lead__email"]
    actions = ["again"]
    fieldsets = [(None, {"fields": [("kind", "lead"), ("at", "spread_at"), "data", "error"]})]

    @action(description="Hand on again those that failed")
    def again(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        number = queryset.exclude(error="").update(spread_at=None, error="")
        said = f"{number} event{'s' * (number != 1)} will be handed on again within seconds."
        if not number:
            said = "None of these has failed, so nothing is handed on again."
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)
