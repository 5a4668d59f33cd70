"""What was said, to whom, and how it left."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from leadrouting.common.console import ReadOnly, ReadOnlyInline
from leadrouting.notifications.admin.filters import ToWhom, label
from leadrouting.notifications.models import Dispatch, Message


class DispatchesOfMessage(ReadOnlyInline):
    model = Dispatch
    fields = ["channel", "address", "state", "send_at", "sent_at", "attempts", "last_error"]
    readonly_fields = ["channel", "address", "state", "send_at", "sent_at", "attempts", "last_error"]
    show_change_link = True
    verbose_name_plural = "How it leaves"


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ["subject", "to", "kind", "left_by", "created_at"]
    list_select_related = ["recipient", "lead"]
    list_filter = ["kind", ToWhom]
    list_filter_submit = True
    search_fields = ["subject", "recipient__name", "=recipient__email", "lead__name", "=lead__email"]
    fieldsets = [
        (None, {"fields": [("to", "kind"), "lead", "subject", "body"]}),
        (None, {"fields": [("created_at", "read_at")]}),
    ]
    readonly_fields = ["to"]
    inlines = [DispatchesOfMessage]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).prefetch_related("dispatches")

    @display(description="To")
    def to(self, message: Message) -> str:
        return str(message.recipient) if message.recipient else f"{message.lead}, the prospect"

    @display(description="How it leaves")
    def left_by(self, message: Message) -> str:
        if message.spread_at is None:
            return "In a moment"
        ways = [f"{label(one)}: {one.get_state_display().lower()}" for one in message.dispatches.all()]
        return ", ".join(ways) or "In the app only"
