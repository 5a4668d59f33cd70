"""Each sending, with the way to send it once more."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from unfold.decorators import action, display

from leadrouting.common.console import ReadOnly
from leadrouting.notifications import sending
from leadrouting.notifications.admin.filters import ByChannel, ByState, SentToWhom, label
from leadrouting.notifications.models import Dispatch

State = Dispatch.State
KEPT = "Addresses on the list of opt-outs still get nothing."
COLOURS = {
    "Sent": "success",
    "Waiting": "info",
    "Trying again": "warning",
    "Gave up": "danger",
    "May have been sent": "danger",
}


@admin.register(Dispatch)
class DispatchAdmin(ReadOnly):
    list_display = ["message", "to", "condition", "why", "left_at"]
    list_select_related = ["message"]
    list_filter = [ByState, SentToWhom, ByChannel]
    list_filter_submit = True
    search_fields = ["=address", "message__subject", "=external_id"]
    actions = ["resend", "withdraw"]
    fieldsets = [
        (None, {"fields": ["message", "said", ("way", "address"), ("condition", "attempts")]}),
        (None, {"fields": [("created_at", "send_at"), ("begun_at", "sent_at"), "last_error", "external_id"]}),
    ]
    readonly_fields = ["condition", "way", "said"]
    actions_detail = ["resend_this"]

    @display(description="Channel", ordering="channel")
    def way(self, one: Dispatch) -> str:
        return label(one)

    @display(description="To", ordering="address")
    def to(self, one: Dispatch) -> SafeString:
        return format_html(
            '<span class="lr-wraps">{}</span> <span class="lr-quiet">{}</span>', one.address, label(one)
        )

    @display(description="Why", empty_value="")
    def why(self, one: Dispatch) -> str:
        return Truncator(one.last_error).chars(120)

    @display(description="What it says")
    def said(self, one: Dispatch) -> str:
        return one.message.body

    @display(description="Sent, or due", ordering="send_at")
    def left_at(self, one: Dispatch) -> datetime:
        return one.sent_at or one.send_at

    @display(description="State", label=COLOURS)
    def condition(self, one: Dispatch) -> str:
        if one.state == State.WAITING and one.attempts:
            return "Trying again"
        return str(one.get_state_display())

    @action(description="Send again: whoever has had it gets it twice")
    def resend(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        number = sending.send_again(queryset, timezone.now())
        said = f"{number} message{'s' * (number != 1)} will be sent again within seconds."
        self.message_user(request, f"{said} {KEPT}", messages.SUCCESS)

    @action(description="Send again", url_path="resend")
    def resend_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Says what follows; the button does it."""
        chosen = self.get_queryset(request).filter(pk=object_id)
        one = chosen.first()
        if one is None:
            raise Http404
        if request.method == "POST":
            self.resend(request, chosen)
            return HttpResponseRedirect(self.change_url(one))
        context = self.admin_site.each_context(request) | {"title": "Send again", "one": one}
        return TemplateResponse(request, "admin/notifications/resend.html", context)

    @action(description="Do not send")
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        number = sending.withdraw(queryset, f"{request.user} took it back.")
        said = f"{number} message{'s' * (number != 1)} will not be sent. What has left already cannot be taken back."
        self.message_user(request, said, messages.SUCCESS if number else messages.WARNING)
