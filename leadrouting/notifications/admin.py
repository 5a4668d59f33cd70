"""The outbox, to read, and to send once more."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action, display

from leadrouting.common.console import ReadOnly
from leadrouting.notifications.models import Message
from leadrouting.notifications.services import send_again

COLOURS = {"Sent": "success", "Waiting": "info", "Trying again": "danger"}


class ByState(DropdownFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("sent", "Sent"), ("waiting", "Waiting"), ("failing", "Trying again")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        match self.value():
            case "sent":
                return queryset.filter(sent_at__isnull=False)
            case "waiting":
                return queryset.filter(sent_at=None, attempts=0)
            case "failing":
                return queryset.filter(sent_at=None, attempts__gt=0)
        return queryset


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ["subject", "recipient", "kind", "state", "created_at", "sent_at"]
    list_select_related = ["recipient"]
    list_filter = [ByState, "kind"]
    list_filter_submit = True
    search_fields = ["subject", "recipient__name", "=recipient__email"]
    actions = ["resend"]
    fieldsets = [
        (None, {"fields": [("recipient", "kind"), "lead", "subject", "body"]}),
        ("Delivery", {"fields": [("state", "attempts"), ("created_at", "sent_at"), "last_error", "read_at"]}),
    ]
    readonly_fields = ["state"]

    @display(description="State", label=COLOURS)
    def state(self, message: Message) -> str:
        if message.sent_at:
            return "Sent"
        return "Trying again" if message.attempts else "Waiting"

    @action(description="Send again")
    def resend(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        number = send_again(queryset, timezone.now())
        said = f"{number} message{'s' * (number != 1)} will be sent again within seconds."
        self.message_user(request, said, messages.SUCCESS)
