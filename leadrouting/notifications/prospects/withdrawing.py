"""An acknowledgement that still waits when it is of no use any more does not leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from leadrouting.notifications.models import Dispatch, Event, Message
from leadrouting.notifications.sending import withdraw

BECAUSE: dict[str, str] = {
    Event.Kind.RESPONDED: "The prospect was answered before it could leave.",
    Event.Kind.CLOSED: "The lead was closed before it could leave.",
    Event.Kind.MERGED: "The lead was merged into another one before it could leave.",
}


def withdraw_late(events: Iterable[Event]) -> None:
    """Called when events are handed on. One query, and one for each reason when something is taken back."""
    ends = [one for one in events if one.kind in BECAUSE]
    if not ends:
        return
    merged = [one.lead_id for one in ends if one.kind == Event.Kind.MERGED]
    answered = [one.lead_id for one in ends if one.kind != Event.Kind.MERGED]
    waiting = Dispatch.objects.filter(
        Q(message__lead__in=answered) | Q(message__lead__merged_into__in=merged),
        state=Dispatch.State.WAITING,
        message__kind=Message.Kind.ACK,
    ).values_list("pk", "message__lead_id", "message__lead__merged_into_id", "message__created_at")
    late: dict[str, list[int]] = {}
    for dispatch, lead, kept, asked_at in waiting:
        if reason := first_end(ends, lead, kept, asked_at):
            late.setdefault(reason, []).append(dispatch)
    for reason, found in late.items():
        withdraw(Dispatch.objects.filter(pk__in=found), reason)


def first_end(ends: Iterable[Event], lead: int | None, kept: int | None, asked_at: datetime) -> str:
    """What an enquiry of that moment was ended by; empty when by nothing."""
    for one in ends:
        concerned = kept if one.kind == Event.Kind.MERGED else lead
        if one.lead_id == concerned and one.at >= asked_at:
            return BECAUSE[one.kind]
    return ""
