"""What will be missed within the hour, why it may be, and who could take it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import npgettext, pgettext_lazy

from leadrouting.assignments.models import Assignment, Load
from leadrouting.engine.roster import Why
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Team
from leadrouting.teams.snapshot import People, people_now
from leadrouting.workspace.watch import SHOWN, of_teams

AHEAD = timedelta(hours=1)
TAKERS = 3
WHY = {
    Why.AWAY: pgettext_lazy("a rep who …", "is away"),
    Why.BUSY: pgettext_lazy("a rep who …", "is busy"),
    Why.ABSENT: pgettext_lazy("a rep who …", "is out of office"),
    Why.OUTSIDE_HOURS: pgettext_lazy("a rep who …", "is outside office hours"),
    Why.INACTIVE: pgettext_lazy("a rep who …", "is switched off"),
}


@dataclass(frozen=True, slots=True)
class Taker:
    rep: int
    name: str
    open: int


@dataclass(frozen=True, slots=True)
class Risk:
    """A clock that runs out. `why` is what speaks against its owner, if anything does."""

    clock: Clock
    why: str
    takers: list[Taker]


def coming(teams: Sequence[Team], now: datetime) -> tuple[int, list[Risk]]:
    """How many deadlines of the teams run out within the hour or have just passed, and the first of them. Five
    queries, whatever the number."""
    soon = of_teams(teams).filter(ended_at=None, wake_at__isnull=False, due_at__lte=now + AHEAD)
    clocks = list(
        soon.select_related("assignment__decision")
        .defer("assignment__decision__facts")
        .order_by("due_at", "id")[:SHOWN]
    )
    people = people_now()
    had: dict[int, set[int]] = defaultdict(set)
    for lead, rep in Assignment.objects.filter(lead__in=[one.lead_id for one in clocks]).values_list(
        "lead", "rep"
    ):
        had[lead].add(rep)
    loads = dict(Load.objects.values_list("rep", "open"))
    before: Counter[int] = Counter()
    risks = []
    for clock in clocks:
        risks.append(
            Risk(
                clock,
                why(clock, before[clock.rep_id], people, now),
                takers(clock, had[clock.lead_id], loads, people, now),
            )
        )
        before[clock.rep_id] += 1
    return soon.count(), risks


def why(clock: Clock, before: int, people: People, now: datetime) -> str:
    person = people.reps[clock.rep_id]
    if (gone := person.unavailable(now)) is not None:
        return str(WHY[gone])
    if before:
        return npgettext(
            "a rep who …", "has {count} due before it", "has {count} due before it", before
        ).format(count=before)
    return ""


def takers(
    clock: Clock, had: Iterable[int], loads: Mapping[int, int], people: People, now: datetime
) -> list[Taker]:
    """Those of the pool that it came from (else of the owner's team) who are there and have room, the freest first."""
    free = [
        Taker(rep, person.name, loads.get(rep, 0))
        for rep in asked(clock, people) - set(had)
        if (person := people.reps[rep]).unavailable(now) is None
        and (person.max_open is None or loads.get(rep, 0) < person.max_open)
    ]
    return sorted(free, key=lambda one: (one.open, one.name, one.rep))[:TAKERS]


def asked(clock: Clock, people: People) -> set[int]:
    for tried in reversed(clock.assignment.decision.tried):
        if tried["kind"] == "pool" and (pool := people.pools.get(tried["id"])) is not None:
            return set(pool.rep_set)
    team = people.reps[clock.rep_id].team
    return {rep for rep, person in people.reps.items() if person.team == team}
