"""The board of a team: a column for each queue and each rep, with their open leads by urgency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from leadrouting.assignments.meanwhile import as_seen
from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import RANK
from leadrouting.teams.models import Team, User
from leadrouting.workspace import watch
from leadrouting.workspace.board import BY_URGENCY, Show, Wish, leads
from leadrouting.workspace.forms import in_brief

SHOWN = 15
"""So many cards of a column; the rest is one click away."""
IN_TURN = [RANK, "created_at", "id"]


@dataclass(frozen=True, slots=True)
class Card:
    lead: Lead

    @property
    def seen(self) -> str:
        return as_seen(self.lead)


@dataclass(slots=True)
class Column:
    """Of a queue or of a rep, whichever is there."""

    key: str
    name: str
    depth: watch.Depth | None = None
    row: watch.Workload | None = None
    cards: list[Card] = field(default_factory=list)
    total: int = 0

    @property
    def told(self) -> str:
        """The rep, with what speaks for and against them."""
        return in_brief(self.row.rep, self.row.is_absent) if self.row is not None else ""

    @property
    def more(self) -> int:
        return self.total - len(self.cards)

    @property
    def takes(self) -> bool:
        """Whether leads can be moved here."""
        return self.row is not None and self.row.rep.is_active


def columns(user: User, teams: Sequence[Team], now: datetime) -> list[Column]:
    """Queues where something waits, then reps by name, so that columns stay where they are. Two queries, and those of
    `watch.workload` and `watch.depths`."""
    queues = {
        one.queue.pk: Column(f"queue-{one.queue.pk}", str(one.queue), depth=one)
        for one in watch.depths(user, now)
        if one.leads
    }
    rows = sorted(watch.workload(teams, now), key=lambda row: (str(row.rep.user).casefold(), row.rep.pk))
    reps = {row.rep.pk: Column(f"rep-{row.rep.pk}", str(row.rep), row=row) for row in rows}
    waiting = leads(user, Wish(show=Show.WAITING)).filter(queue__in=queues)
    fill(queues, first_of(waiting, "queue", IN_TURN), "queue_id")
    owned = leads(user, Wish()).filter(owner__in=reps)
    fill(reps, first_of(owned, "owner", BY_URGENCY), "owner_id")
    of_queues = sorted(queues.values(), key=lambda one: (one.name.casefold(), one.key))
    return [
        *(one for one in of_queues if one.total),
        *(one for one in reps.values() if one.total or one.takes),
    ]


def first_of(found: Any, whose: str, order: Sequence[Any]) -> Iterable[Lead]:
    """The first of each, with how many there are as `total`. One query."""
    ranked = found.annotate(
        place=Window(RowNumber(), partition_by=[F(whose)], order_by=list(order)),
        total=Window(Count("pk"), partition_by=[F(whose)]),
    )
    return ranked.filter(place__lte=SHOWN).order_by("place")


def fill(into: dict[int, Column], found: Iterable[Lead], whose: str) -> None:
    for lead in found:
        column = into[getattr(lead, whose)]
        column.total = lead.total  # type: ignore[attr-defined]
        column.cards.append(Card(lead))
