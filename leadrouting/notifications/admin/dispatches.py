"""Each sending, with the way to send it once more."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action, display

from leadrouting.common.console import ReadOnly
from leadrouting.notifications import sending
from leadrouting.notifications.models import Dispatch

State = Dispatch.State
COLOURS = {
    "Sent": "success",
    "Waiting": "info",
    "Trying again": "warning",
    "Gave up": "danger",
    "May have been sent": "danger",
}
FAILING = "failing"


class ByState(DropdownFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [*State.choices, (FAILING, "Trying again")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> QuerySet[Dispatch]:
        match self.value():
            case None | "":
                return queryset
            case "failing":
                return queryset.filter(state=State.WAITING, attempts__gt=0)
            case state:
                return queryset.filter(state=state)


@admin.register(Dispatch)
class DispatchAdmin(ReadOnly):
    list_display = ["message", "channel", "address", "condition", "send_at", "attempts", "last_error"]
    list_select_related = ["message"]
    list_filter = [ByState, "channel"]
    list_filter_submit = True
    search_fields = ["=address", "message__subject", "=external_id"]
    actions = ["resend", "withdraw"]
    fieldsets = [
        (None, {"fields": ["message", ("channel", "address"), ("condition", "attempts")]}),
        (None, {"fields": [("created_at", "send_at"), ("begun_at", "sent_at"), "last_error", "external_id"]}),
    ]
    readonly_fields = ["condition"]

    @display(description="State", label=COLOURS)
    def condition(self, one: Dispatch) -> str:
        if one.state == State.WAITING and one.attempts:
            return "Trying again"
        return str(one.get_state_display())

    @action(description="Send again")
    def resend(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        number = sending.send_again(queryset, timezone.now())
        said = f"{number} message{'s' * (number != 1)} will be sent again within seconds."
        self.message_user(request, said, messages.SUCCESS)

    @action(description="Do not send")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        number = sending.withdraw(queryset, f"{request.user} took it back.")
        said = f"{number} message{'s' * (number != 1)} will not be sent. What has left already cannot be taken back."
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)
