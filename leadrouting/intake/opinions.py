"""What the demo's reps say of the leads that they were given."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from leadrouting.assignments import judging
from leadrouting.assignments.models import Assignment, Feedback
from leadrouting.leads.enums import Status

EVERY = 7
"""One lead of so many is rated."""
SPAN = timedelta(days=60)
BY_STATUS = {
    Status.WON: (5, "Exactly what we sell"),
    Status.MEETING: (4, ""),
    Status.LOST: (2, "Far too small for us"),
    Status.JUNK: (1, "No company at all"),
}
OTHERWISE = (3, "")
DISPUTES = (
    ("A colleague knows them", "Priya, who sold to their sister company"),
    ("Wrong language", ""),
    ("Wrong territory", "Whoever has the Nordics"),
)


@transaction.atomic
def have_opinions(now: datetime) -> None:
    """Once: whatever is there already stays as it is."""
    if Feedback.objects.exists():
        return
    lately = Assignment.objects.filter(ended_at=None, started_at__gte=now - SPAN).select_related(
        "lead", "rep__user"
    )
    for held in lately.order_by("pk"):
        if held.pk % EVERY == 0:
            fit, reason = BY_STATUS.get(Status(held.lead.status), OTHERWISE)
            at = held.lead.closed_at or held.started_at + timedelta(hours=2)
            judging.rate(lead_id=held.lead_id, by=held.rep.user, fit=fit, reason=reason, now=min(at, now))
    newest = lately.filter(lead__closed_at=None).order_by("rep__team_id", "-pk").distinct("rep__team_id")
    for held, (reason, rather) in zip(newest, DISPUTES, strict=False):
        judging.disagree(lead_id=held.lead_id, by=held.rep.user, reason=reason, rather=rather, now=now)
