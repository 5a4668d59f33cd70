"""Where leads stand, with their deadlines, in the query that reads them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from leadrouting.assignments.models import Assignment, Decision
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind

OWNERSHIP = Assignment.objects.filter(lead=OuterRef("pk"), ended_at=None)
CLOCK = Clock.objects.filter(lead=OuterRef("pk"), assignment__ended_at=None, kind=Kind.RESPOND).order_by(
    F("ended_at").desc(nulls_first=True), "-due_at"
)
"""The one that runs, else the last: a prospect who writes again starts another one."""
MISSED = Clock.objects.filter(lead=OuterRef("pk"), outcome=Clock.Outcome.MISSED, kind=Kind.RESPOND)
LATEST = Decision.objects.filter(lead=OuterRef("pk")).order_by("-decided_at", "-id")


def with_standing(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Each with its owner, rule, and deadline."""
    return leads.select_related("owner__user", "queue", "campaign").annotate(
        rule=Subquery(LATEST.values("rule_name")[:1]),
        respond_by=Subquery(CLOCK.values("due_at")[:1]),
        accepted_at=Subquery(OWNERSHIP.values("accepted_at")[:1]),
        responded_at=Subquery(OWNERSHIP.values("responded_at")[:1]),
        breached=Exists(MISSED),
    )
