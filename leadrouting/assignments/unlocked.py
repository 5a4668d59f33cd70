"""The tables of dry runs: turns, loads and people as they are, read without a lock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from leadrouting.assignments import deciding
from leadrouting.assignments.models import Load, Rotation
from leadrouting.assignments.reading import load_of, team_loads
from leadrouting.engine import roster as engine
from leadrouting.engine.verdict import Table
from leadrouting.teams.presence import present
from leadrouting.teams.snapshot import People


def tables(matched: Sequence[tuple[deciding.Matched, datetime]], who: People) -> list[Table]:
    """For each lead, at its moment (UTC), one of its own: deciding moves the turns on it.

    Turns, loads and who is present are those of now. Two queries, or three.
    """
    casts = [deciding.cast([one], who, at) for one, at in matched]
    rotations = Rotation.objects.in_bulk({pool for cast in casts for pool in cast.manned | cast.unmanned})
    loads = Load.objects.in_bulk({rep for cast in casts for rep in cast.counted})
    asked = [at for one, at in matched if deciding.asks_presence([one])]
    there = {at: present(at) for at in set(asked)}
    counted = [loads_of(loads, one.counted, who, at) for (_, at), one in zip(matched, casts, strict=True)]
    return [
        Table(
            rosters={pool: who.at(at).pools[pool] for pool in cast.manned | cast.unmanned},
            rotations=turns_of(rotations, cast.manned | cast.unmanned),
            loads=counts,
            unavailable=cast.unavailable,
            named=cast.named,
            present=there.get(at),
            teams=team_loads(cast.teams.values(), counts),
        )
        for (_, at), cast, counts in zip(matched, casts, counted, strict=True)
    ]


def turns_of(rotations: Mapping[int, Rotation], pools: Collection[int]) -> dict[int, engine.Rotation]:
    return {
        pool: engine.Rotation(row.turns, row.rest, dict(zip(row.member_ids, row.credits, strict=True)))
        for pool in pools
        if (row := rotations.get(pool)) is not None
    }


def loads_of(
    loads: Mapping[int, Load], reps: Collection[int], who: People, at: datetime
) -> dict[int, engine.Load]:
    """Loads as they count at that moment; see `reading.load_of`."""
    return {
        rep: load_of(
            who.reps[rep],
            at,
            row.open,
            row.day_on,
            row.day,
            row.hour_on,
            row.hour,
            row.week_on,
            row.week,
        )
        for rep in reps
        if (row := loads.get(rep)) is not None
    }
