"""Where leads stand, with their deadlines, in the query that reads them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from leadrouting.assignments.models import Assignment, Decision
from leadrouting.leads.models import Booking, Lead
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind

OWNERSHIP = Assignment.objects.filter(lead=OuterRef("pk"), ended_at=None)
CLOCK = Clock.objects.filter(lead=OuterRef("pk"), assignment__ended_at=None, kind=Kind.RESPOND).order_by(
    F("ended_at").desc(nulls_first=True), "-due_at"
)
"""The one that runs, else the last: a prospect who writes again starts another one."""
MISSED = Clock.objects.filter(lead=OuterRef("pk"), outcome=Clock.Outcome.MISSED, kind=Kind.RESPOND)
MEETING = Booking.objects.filter(
    lead=OuterRef("pk"), state=Booking.State.BOOKED, starts_at__isnull=False, ends_at__gt=Now()
).order_by("starts_at")
LATEST = Decision.objects.filter(lead=OuterRef("pk")).order_by("-decided_at", "-id")


def with_standing(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Each with its owner, rule, deadline, and the meeting that is on or comes next."""
    return leads.select_related("owner__user", "queue", "campaign").annotate(
        rule=Subquery(LATEST.values("rule_name")[:1]),
        respond_by=Subquery(CLOCK.values("due_at")[:1]),
        accepted_at=Subquery(OWNERSHIP.values("accepted_at")[:1]),
        responded_at=Subquery(OWNERSHIP.values("responded_at")[:1]),
        breached=Exists(MISSED),
        next_meeting_at=Subquery(MEETING.values("starts_at")[:1]),
    )
