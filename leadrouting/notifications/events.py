"""What happened, as rows to be written in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from leadrouting.assignments.orders import Outcome
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import Event
from leadrouting.sla.models import Clock

Kind = Event.Kind
BY_ACTIVITY: dict[str, str] = {
    Activity.Kind.ENQUIRY: Kind.ENQUIRED_AGAIN,
    Activity.Kind.REOPENED: Kind.REOPENED,
    Activity.Kind.REPLY: Kind.REPLIED,
    Activity.Kind.ACCEPTED: Kind.ACCEPTED,
    Activity.Kind.DECLINED: Kind.DECLINED,
    Activity.Kind.ATTEMPT: Kind.ATTEMPTED,
    Activity.Kind.RESPONSE: Kind.RESPONDED,
    Activity.Kind.CALL: Kind.RESPONDED,
    Activity.Kind.EMAIL: Kind.RESPONDED,
    Activity.Kind.MESSAGE: Kind.RESPONDED,
    Activity.Kind.MEETING: Kind.RESPONDED,
    Activity.Kind.OUTCOME: Kind.CLOSED,
    Activity.Kind.UNDONE: Kind.UNDONE,
    Activity.Kind.MERGED: Kind.MERGED,
    Activity.Kind.BOOKED: Kind.BOOKED,
    Activity.Kind.MOVED: Kind.MOVED,
    Activity.Kind.CANCELLED: Kind.CANCELLED,
}
"""Notes are nobody else's business."""
SHOWN = 500


def received(lead: Lead) -> Event:
    return Event(kind=Kind.RECEIVED, lead=lead, at=lead.created_at)


def decided(outcomes: Sequence[Outcome], now: datetime) -> list[Event]:
    """History is quiet."""
    return [
        Event(
            kind=Kind.QUEUED if outcome.verdict.rep is None else Kind.ASSIGNED,
            lead_id=outcome.lead,
            at=now,
            data={
                "decision": outcome.decision,
                "owner": outcome.verdict.rep,
                "cause": str(outcome.order.cause),
                "rule": outcome.rule_name,
            },
        )
        for outcome in outcomes
        if not outcome.order.quiet
    ]


def done(activity: Activity) -> list[Event]:
    kind = BY_ACTIVITY.get(activity.kind)
    if kind is None:
        return []
    data: dict[str, Any] = {
        "activity": activity.pk,
        "actor": activity.actor_id,
        "text": activity.text[:SHOWN],
    }
    if kind == Kind.CLOSED:
        lead = activity.lead
        data |= {
            "outcome": str(lead.status),
            "revenue": str(lead.revenue) if lead.status == Status.WON else None,
        }
    return [Event(kind=kind, lead_id=activity.lead_id, at=activity.at, data=data)]


def last_closed() -> Subquery:
    """When the lead of the row that asks was closed last; nothing when it never was."""
    closed = Event.objects.filter(lead=OuterRef("lead"), kind=Kind.CLOSED).order_by("-at", "-pk")
    return Subquery(closed.values("at")[:1])


def breached(clock: Clock, now: datetime) -> Event:
    return Event(
        kind=Kind.BREACHED,
        lead_id=clock.lead_id,
        at=now,
        data={
            "clock": clock.pk,
            "target": str(clock.kind),
            "owner": clock.rep_id,
            "due_at": clock.due_at.isoformat(),
        },
    )
