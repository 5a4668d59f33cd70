"""Rosters of all pools: the members as people typed them, and with the weights by which they take turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from leadrouting.engine.roster import AbsencePolicy, Part, Roster, Strategy
from leadrouting.engine.winning import Record, factor, shrunk
from leadrouting.teams.models import Membership, Pool, WinRate
from leadrouting.teams.person import Person
from leadrouting.teams.shares import weighed

Records = dict[int, Record]


def drafts(reps: Mapping[int, Person]) -> dict[int, Roster]:
    """By pool, with the weights that were typed and, as parts, what follows from win rates."""
    members: dict[int, list[tuple[int, int]]] = {}
    for pool, rep, weight in Membership.objects.order_by("pool_id", "id").values_list(
        "pool_id", "rep_id", "weight"
    ):
        members.setdefault(pool, []).append((rep, weight))
    by_team: dict[int, list[tuple[int, int]]] = {}
    for rep in sorted(reps):
        by_team.setdefault(reps[rep].team, []).append((rep, 1))
    records = read_records()
    return {
        pool.pk: draft(
            pool,
            by_team.get(pool.team_id, ()) if pool.team_id else members.get(pool.pk, ()),
            reps,
            records.get(pool.pk, {}),
        )
        for pool in Pool.objects.all()
    }


def draft(
    pool: Pool, members: Sequence[tuple[int, int]], reps: Mapping[int, Person], records: Records
) -> Roster:
    parts = win_parts(pool, records)
    return Roster(
        id=0,
        pool=pool.pk,
        strategy=Strategy(pool.strategy),
        members=tuple([reps[rep].as_member(weight, parts.get(rep, ())) for rep, weight in members]),
        absence=AbsencePolicy(pool.absence),
        catch_up_limit=pool.catch_up_limit,
        any_hour=pool.after_hours == Pool.AfterHours.ASSIGN,
        after_pool=(pool.after_hours == Pool.AfterHours.POOL and pool.after_pool_id) or 0,
        holds=pool.after_hours == Pool.AfterHours.HOLD,
        language=pool.language,
    )


def read_records() -> dict[int, Records]:
    """By pool that goes by win rates, and rep."""
    records: dict[int, Records] = {}
    counted = WinRate.objects.filter(pool__strategy=Strategy.PERFORMANCE)
    for pool, rep, won, closed in counted.values_list("pool_id", "rep_id", "won", "closed"):
        records.setdefault(pool, {})[rep] = Record(won, closed)
    return records


def win_parts(pool: Pool, records: Records) -> dict[int, tuple[Part, ...]]:
    """By rep who closed deals of this pool: none where the weight stays as it is."""
    together = of_all(records)
    found: dict[int, tuple[Part, ...]] = {}
    for rep, own in records.items():
        percent = factor(own, together, pool.win_prior, pool.win_floor, pool.win_ceiling)
        rate = shrunk(own, together, pool.win_prior)
        if percent != 100 and rate is not None:
            found[rep] = (Part("win_rate", round(1000 * rate), percent),)
    return found


def of_all(records: Records) -> Record:
    """Whoever closed the deals: also those who have left the pool since."""
    return Record(sum(one.won for one in records.values()), sum(one.closed for one in records.values()))


def drawn(roster: Roster, parts: Mapping[int, tuple[Part, ...]]) -> Roster:
    """A draft with the weights that count, where `parts` says by rep why a share is not full just then."""
    members = [
        replace(member, parts=(*parts[member.rep], *member.parts)) if member.rep in parts else member
        for member in roster.members
    ]
    return replace(roster, members=weighed(roster.strategy, members))


def parts_at(reps: Mapping[int, Person], moment: datetime) -> dict[int, tuple[Part, ...]]:
    """By rep whose share is not full then."""
    return {rep: parts for rep, person in reps.items() if (parts := person.parts(moment))}
