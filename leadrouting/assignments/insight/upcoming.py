"""Whose turn is next in a pool, if leads came this minute."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from leadrouting.assignments.models import Load, Rotation
from leadrouting.assignments.reading import team_loads
from leadrouting.assignments.unlocked import loads_of, turns_of
from leadrouting.engine import roster as engine
from leadrouting.engine.forecast import forecast
from leadrouting.engine.roster import LEAD, Why
from leadrouting.engine.rotation import settle
from leadrouting.teams.snapshot import People

TURNS = 5


@dataclass(frozen=True, slots=True)
class Upcoming:
    """`turns`: who gets the next leads. `missing`: who of the members is not there, and why. `credits`: by rep what each
    is owed, in leads."""

    turns: tuple[int, ...]
    missing: Mapping[int, Why]
    credits: Mapping[int, float]


def upcoming(pools: Collection[int], who: People, now: datetime) -> dict[int, Upcoming]:
    """By pool. `who` are the people `at(now)`. Two queries for any number of pools."""
    rosters = {pool: who.pools[pool] for pool in pools if pool in who.pools}
    rotations = turns_of(Rotation.objects.in_bulk(rosters), rosters)
    loads, teams = carried(rosters.values(), who, now)
    return {
        pool: of_pool(roster, rotations.get(pool) or engine.Rotation(), who, now, loads, teams)
        for pool, roster in rosters.items()
    }


def of_pool(
    roster: engine.Roster,
    books: engine.Rotation,
    who: People,
    now: datetime,
    loads: Mapping[int, engine.Load],
    teams: Mapping[int, engine.TeamLoad],
) -> Upcoming:
    settle(books, roster)
    away = missing(roster, who, now)
    told = forecast(books, roster, away, TURNS, TURNS, loads, teams)
    turns = next(one.turns for one in told if one.absence == roster.absence)
    return Upcoming(turns[:TURNS], away, {rep: credit / LEAD for rep, credit in books.credits.items()})


def carried(
    rosters: Iterable[engine.Roster], who: People, now: datetime
) -> tuple[dict[int, engine.Load], dict[int, engine.TeamLoad]]:
    """What the members and their teams carry, each by rep. One query."""
    members = frozenset[int]().union(*(one.rep_set for one in rosters))
    caps = [cap for cap in who.team_caps.values() if not members.isdisjoint(cap.reps)]
    reps = members.union(*(cap.reps for cap in caps))
    loads = loads_of(Load.objects.in_bulk(reps), reps, who, now)
    return loads, team_loads(caps, loads)


def missing(roster: engine.Roster, who: People, now: datetime) -> dict[int, Why]:
    """The members who are not there, in their order; office hours do not count where the pool says so."""
    found: Iterable[tuple[int, Why]] = who.attendance(roster.pool, now).missing.items()
    out = {rep: why for rep, why in found if not (roster.any_hour and why is Why.OUTSIDE_HOURS)}
    return {rep: out[rep] for rep in roster.reps if rep in out}
