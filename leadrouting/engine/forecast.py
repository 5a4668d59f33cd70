"""The next turns of a pool under each absence policy, while some are away and once they are back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from leadrouting.engine.attempt import try_pool
from leadrouting.engine.model import Step, StepKind
from leadrouting.engine.roster import AbsencePolicy, Load, Roster, Rotation, TeamLoad, Why
from leadrouting.engine.rotation import copy, settle
from leadrouting.engine.verdict import Case, Table

LIMITS = (Why.AT_OPEN_CAP, Why.AT_DAY_CAP, Why.AT_HOUR_CAP, Why.AT_WEEK_CAP, Why.TEAM_FULL)
NOBODYS = Case(lead=0, rule=None, ladder=(), catch_all=0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`turns` while the absent are away, `back` from when they return; both end where all are at their limits.

    `full` says who is at which limit after them, of those who are there then. `at_end` are the credits then, by rep.
    """

    absence: AbsencePolicy
    turns: tuple[int, ...]
    back: tuple[int, ...]
    full: Mapping[int, Why]
    at_end: dict[int, int]


def forecast(
    rotation: Rotation,
    roster: Roster,
    away: Collection[int],
    leads: int = 20,
    until_back: int = 10,
    loads: Mapping[int, Load] | None = None,
    teams: Mapping[int, TeamLoad] | None = None,
) -> list[Forecast]:
    """What each policy would do with `leads` leads that come one after another in this minute, of which the
    first `until_back` come while `away` are away: as a step of a ladder would that asks for nothing else.

    With nobody away all are `turns`; with everybody away none is. Who has no share takes no part. Loads (of
    now, by rep) grow by each lead and by nothing else, no conversation is closed. Changes nothing.
    """
    everybody = {member.rep for member in roster.members if member.weight}
    gone = everybody & set(away)
    first = 0 if gone == everybody else until_back if gone else leads
    found = []
    for absence in AbsencePolicy:
        table = table_of(rotation, replace(roster, absence=absence), loads or {}, teams or {})
        books = table.rotations[roster.pool]
        table.unavailable = dict.fromkeys(away, Why.AWAY)
        turns = taken(roster.pool, table, first)
        if gone:
            table.unavailable = {}
        back = taken(roster.pool, table, leads - (first or until_back) if everybody else 0)
        found.append(Forecast(absence, turns, back, at_limits(roster.pool, table), dict(books.credits)))
    return found


def table_of(
    rotation: Rotation, roster: Roster, loads: Mapping[int, Load], teams: Mapping[int, TeamLoad]
) -> Table:
    """A copy of everything that deciding moves; reps of one team go on sharing what it carries."""
    books = copy(rotation)
    settle(books, roster)
    own = {id(team): replace(team) for team in teams.values()}
    return Table(
        rosters={roster.pool: roster},
        rotations={roster.pool: books},
        loads={rep: replace(load) for rep, load in loads.items()},
        unavailable={},
        named={},
        teams={rep: own[id(team)] for rep, team in teams.items()},
    )


def taken(pool: int, table: Table, leads: int) -> tuple[int, ...]:
    found: list[int] = []
    while len(found) < leads:
        tried, _ = try_pool(0, pool, Step(StepKind.POOL, pool), NOBODYS, table)
        if tried.picked is None:
            break
        found.append(tried.picked)
    return tuple(found)


def at_limits(pool: int, table: Table) -> dict[int, Why]:
    """One lead more would find these at a limit. Moves the turns, so it comes last."""
    tried, _ = try_pool(0, pool, Step(StepKind.POOL, pool), NOBODYS, table)
    return {rep: why for why in LIMITS for rep in tried.reasons.get(why, ())}
