"""Who held how many conversations over a span of time: what came in, what went, what is left at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from leadrouting.assignments.models import Assignment
from leadrouting.leads.enums import Status


@dataclass(frozen=True, slots=True)
class Held:
    """Of one rep: `received` and `won` in the span, `closed` (or given away) in it, `open` at its end.

    `acted`: how many of the leads the rep accepted or answered in the span.
    """

    received: int = 0
    won: int = 0
    closed: int = 0
    open: int = 0
    acted: int = 0


def held(reps: Iterable[int], start: datetime, end: datetime) -> dict[int, Held]:
    """By rep; who held nothing is left out. One query over the reps' assignments that touch `[start, end)`."""
    rows = (
        Assignment.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=start),
            Q(lead__closed_at=None) | Q(lead__closed_at__gt=start),
            rep__in=list(reps),
            started_at__lt=end,
        )
        .values("rep")
        .annotate(
            all=Count("pk"),
            received=Count("pk", filter=Q(started_at__gte=start)),
            open=Count(
                "pk",
                filter=(Q(ended_at=None) | Q(ended_at__gt=end))
                & (Q(lead__closed_at=None) | Q(lead__closed_at__gt=end)),
            ),
            won=Count("pk", filter=Q(ended_at=None, lead__status=Status.WON, lead__closed_at__lt=end)),
            acted=Count(
                "pk", filter=between("accepted_at", start, end) | between("responded_at", start, end)
            ),
        )
        .order_by("rep")
    )
    return {
        row["rep"]: Held(row["received"], row["won"], row["all"] - row["open"], row["open"], row["acted"])
        for row in rows
    }


def between(name: str, start: datetime, end: datetime) -> Q:
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})
