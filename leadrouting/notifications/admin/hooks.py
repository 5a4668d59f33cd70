"""What was sent to other systems and what they answered, and once more."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display

from leadrouting.common.console import ReadOnly
from leadrouting.notifications.hooks import again
from leadrouting.notifications.models import Hook

STATES = {"Delivered": "success", "Waiting": "info", "Gave up": "danger", "Not sent": "warning"}


@admin.register(Hook)
class HookAdmin(ReadOnly):
    list_display = ["kind", "subscription", "lead", "condition", "attempts", "status", "created_at", "error"]
    list_select_related = ["subscription", "lead"]
    list_filter = ["state", "subscription", "kind", ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    search_fields = ["=key", "lead__name", "=lead__email"]
    actions = ["resend"]
    readonly_fields = ["condition", "shown_body", "shown_answer"]
    fieldsets = [
        (None, {"fields": [("kind", "subscription"), ("lead", "condition"), "error"]}),
        ("Sent", {"fields": [("key", "attempts"), ("created_at", "tried_at"), "sent_headers", "shown_body"]}),
        ("Answered", {"fields": [("status", "milliseconds"), "delivered_at", "shown_answer"]}),
        ("Next", {"fields": [("send_at", "until")]}),
    ]

    @display(description="State", label=STATES)
    def condition(self, one: Hook) -> str:
        return str(one.get_state_display())

    @display(description="Body")
    def shown_body(self, one: Hook) -> SafeString:
        return format_html('<pre class="lr-code">{}</pre>', one.body)

    @display(description="Answer")
    def shown_answer(self, one: Hook) -> SafeString:
        return format_html('<pre class="lr-code">{}</pre>', one.answer or "Nothing.")

    @action(description="Send again")
    def resend(self, request: HttpRequest, queryset: QuerySet[Hook]) -> None:
        number, chosen = again.send_again(queryset, timezone.now()), queryset.count()
        said = (
            f"{number} webhook{'s' * (number != 1)} will be sent again within seconds, each lead’s in order."
        )
        if number < chosen:
            said += f" {chosen - number} stay: tests, and those of subscriptions that are switched off."
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)
