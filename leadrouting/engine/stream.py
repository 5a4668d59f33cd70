"""A week as a stream of arrivals, and what it leaves open: the model behind the balance predictions.

What is predicted, exactly. A week is a stream of arrivals. `left` of an arrival is how much of the week is
still to come, from 1 (its start) to 0 (its end). A rep's `keep` is the share of conversations that is still
open a week later; a conversation that is open with `left` of the week to go is still open at its end with
chance keep ** left. So a rep's open conversations at the end of the week are expected to be

    open at the start * keep  +  sum over the rep's arrivals of keep ** left

Which arrivals are the rep's is not estimated: `replay_open` takes the turns, by Tijdeman's rule, from
fresh books, among those who were eligible. Who replays the same stream with the same weights, from the same
start, sees the same counts, and, as conversations close at the measured pace, the predicted index.
Caps do not hold anybody back in the replay; somebody at a cap can be left out of an arrival's `eligible`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from leadrouting.engine.roster import Member, Roster, Rotation, Strategy
from leadrouting.engine.rotation import take_turn

Weights = Mapping[int, int]  # by rep


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead in the stream. `eligible` None: every member was. `rep`: given by name, weights had no say."""

    pool: int | None
    left: float
    eligible: frozenset[int] | None = None
    rep: int | None = None


def even_stream(leads: int, pool: int) -> list[Arrival]:
    """`leads` arrivals at even distances over a week, everybody eligible."""
    return [Arrival(pool, (leads - number - 0.5) / leads) for number in range(leads)]


def measured_keep(
    received: Mapping[int, int], open: Mapping[int, int], closed: Mapping[int, int]
) -> dict[int, float]:
    """Each rep's `keep`, such that the model, over the week measured, ends at the open count measured.

    All counts are of that week; `open` is at its end, and those open at its start are open + closed -
    received (never below zero). Arrivals are taken as even over the week. A rep who had no conversation
    is given the `keep` of all together (1.0 if nobody had any).
    """
    reps = received.keys() | open.keys() | closed.keys()
    rows = {rep: (received.get(rep, 0), open.get(rep, 0), closed.get(rep, 0)) for rep in reps}
    common = _solve(*(sum(row[column] for row in rows.values()) for column in range(3)))
    return {rep: _solve(*row) if any(row) else common for rep, row in rows.items()}


def replay_open(
    stream: Sequence[Arrival],
    weights: Mapping[int, Weights],
    open: Mapping[int, int],
    keep: Mapping[int, float],
) -> dict[int, float]:
    """Expected open conversations by rep at the end of the stream; `weights` by pool, then by rep.

    1. Each rep's `open` of the start, so far as kept. 2. In order of arrival, who was named, or whose turn
    it is, takes the lead, so far as kept; an arrival for which nobody is eligible goes elsewhere.
    """
    ends = {rep: open.get(rep, 0) * keep.get(rep, 1.0) for rep in keep.keys() | open.keys()}
    for rep, arrival in takers(stream, weights):
        ends[rep] = ends.get(rep, 0.0) + float(keep.get(rep, 1.0) ** arrival.left)
    return ends


def takers(stream: Sequence[Arrival], weights: Mapping[int, Weights]) -> Iterable[tuple[int, Arrival]]:
    """Who takes each arrival of the stream, from fresh books."""
    rosters = {
        pool: Roster(
            pool, pool, Strategy.ROUND_ROBIN, tuple(Member(rep, weight) for rep, weight in own.items())
        )
        for pool, own in weights.items()
    }
    rotations = {pool: Rotation() for pool in rosters}
    for arrival in stream:
        if arrival.rep is not None:
            yield arrival.rep, arrival
        elif arrival.pool in rosters:
            roster, wanted = rosters[arrival.pool], arrival.eligible
            able = [member for member in roster.members if wanted is None or member.rep in wanted]
            if able:
                yield take_turn(rotations[arrival.pool], roster, able), arrival


def _solve(received: int, open: int, closed: int) -> float:
    """The `keep` for which start * keep + received * (mean of keep ** left, 0 <= left <= 1) is `open`."""
    start = max(open + closed - received, 0)
    if start + received <= open or open == 0:
        return 1.0 if start + received <= open else 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        keep = (low + high) / 2
        spread = (keep - 1) / log(keep) if 0 < keep < 1 else keep
        low, high = (keep, high) if start * keep + received * spread < open else (low, keep)
    return (low + high) / 2
