"""What ends a sequence before its last step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from leadrouting.notifications.models import Dispatch, Enrolment, Event, Message
from leadrouting.notifications.sending import withdraw

Kind = Event.Kind
BECAUSE: dict[str, str] = {
    Kind.REPLIED: "The prospect has written.",
    Kind.ENQUIRED_AGAIN: "The prospect has asked again.",
    Kind.BOOKED: "A meeting was booked.",
    Kind.CLOSED: "The lead was closed.",
    Kind.MERGED: "The lead was merged into another one.",
    Kind.RESPONDED: "The owner has responded.",
}
"""RESPONDED only where the sequence says so."""
State = Enrolment.State


def stop_after(events: Iterable[Event], now: datetime) -> None:
    """Called when events are handed on. One query when nothing runs."""
    ends = [one for one in events if one.kind in BECAUSE]
    if not ends:
        return
    leads = {one.lead_id for one in ends}
    running = Enrolment.objects.filter(
        Q(lead__in=leads) | Q(lead__merged_into__in=leads), state=State.RUNNING
    ).select_related("sequence", "lead")
    found = {one.pk: why for one in running if (why := reason(one, ends))}
    for why in set(found.values()):
        stop(Enrolment.objects.filter(pk__in=[key for key, said in found.items() if said == why]), why, now)


def reason(enrolment: Enrolment, ends: Iterable[Event]) -> str:
    """By which of these events this one ends; empty when by none."""
    for one in ends:
        if one.at < enrolment.since or (
            one.kind == Kind.RESPONDED and not enrolment.sequence.ends_with_response
        ):
            continue
        if one.kind == Kind.MERGED and enrolment.lead.merged_into_id == one.lead_id:
            return BECAUSE[one.kind]
        if one.kind != Kind.MERGED and enrolment.lead_id == one.lead_id:
            return BECAUSE[one.kind]
    return ""


def stop(enrolments: QuerySet[Enrolment], why: str, now: datetime) -> int:
    """Those that run. What waits to be sent to the prospect does not leave. Returns how many.

    Stopped first, which waits for a step that is just being taken: what that one wrote is found and taken back, too.
    """
    leads = dict(enrolments.filter(state=State.RUNNING).values_list("pk", "lead"))
    running = Enrolment.objects.filter(pk__in=leads, state=State.RUNNING)
    stopped = running.update(state=State.STOPPED, next_at=None, ended_at=now, why=why[:200])
    unsent = Dispatch.objects.filter(
        message__lead__in=leads.values(), message__kind=Message.Kind.FOLLOW_UP, message__recipient=None
    )
    withdraw(unsent, why)
    return stopped
