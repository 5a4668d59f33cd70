"""How evenly a pool's open conversations lie, and weights that would even them out: for the weekly report.

What a prediction is, exactly, is defined in `stream`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from leadrouting.engine.reweigh import Week, search
from leadrouting.engine.stream import Arrival, Weights, even_stream, measured_keep, replay_open

__all__ = [
    "Arrival",
    "Suggestion",
    "balance_index",
    "even_stream",
    "measured_keep",
    "replay_index",
    "replay_open",
    "suggest_weights",
]

WORTH_IT = 0.01
"""New weights must lower the index by at least this."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Weights to set for the whole pool, and what they do to the balance index if the week comes again.

    `index_now` is that of the open conversations given, `index_unchanged` after a replay of the stream with
    the current weights, `predicted_index` after a replay with `weights`; compare the last two.
    """

    weights: dict[int, int]
    index_now: float | None
    index_unchanged: float | None
    predicted_index: float | None
    predicted_open: dict[int, float]
    keep: dict[int, float]
    changed: bool


def balance_index(counts: Iterable[float]) -> float | None:
    """Population standard deviation divided by the mean: 0 is even; None where there is nothing to divide."""
    values = list(counts)
    mean = sum(values) / len(values) if values else 0
    if mean <= 0:
        return None
    return sqrt(sum((value - mean) ** 2 for value in values) / len(values)) / mean


def replay_index(
    stream: Sequence[Arrival],
    weights: Mapping[int, Weights],
    open: Mapping[int, int],
    keep: Mapping[int, float],
    reps: Iterable[int],
) -> float | None:
    """The balance index of `reps` at the end of `replay_open`."""
    ends = replay_open(stream, weights, open, keep)
    return balance_index([ends.get(rep, 0.0) for rep in reps])


def suggest_weights(
    current: Weights,
    received: Mapping[int, int],
    open: Mapping[int, int],
    closed: Mapping[int, int],
    *,
    stream: Sequence[Arrival] | None = None,
    pool: int = 0,
    others: Mapping[int, Weights] | None = None,
    step: int = 2,
) -> Suggestion:
    """Whole weights from 1 to 36 with which `current`'s reps end next week as evenly loaded as they can.

    `received`, `open` (at its end) and `closed` count the week measured, by rep. `stream` is that week's
    arrivals, by default everything received, at even distances, all for this pool; arrivals for other pools
    are replayed with the weights in `others`. Since weights are only shares, all may first be multiplied by
    one number, to make room for fine steps; then none grows or shrinks by more than a factor of `step`.

    1. Measure each rep's `keep`. 2. Search on expected shares: change one weight at a time while it helps.
    3. Replay turn by turn with the weights found; unless the index falls by at least `WORTH_IT`, keep the
    current weights. ValueError: no member, a weight below one, or a step below one.
    """
    if not current or min(current.values()) < 1 or step < 1:
        raise ValueError("weights of at least one member, and a step, from 1")
    keep = measured_keep({**dict.fromkeys(current, 0), **received}, open, closed)
    if stream is None:
        stream = even_stream(sum(received.get(rep, 0) for rep in current), pool)
    others = {} if others is None else others

    def replayed(weights: Weights) -> tuple[dict[int, float], float | None]:
        ends = replay_open(stream, {**others, pool: weights}, open, keep)
        return ends, balance_index([ends[rep] for rep in current])

    unchanged_open, unchanged = replayed(current)
    found = search(Week.of(current, stream, pool, replay_open(stream, others, open, keep), keep), step)
    ends, index = replayed(found)
    changed = index is not None and unchanged is not None and index <= unchanged - WORTH_IT
    now = balance_index([open.get(rep, 0) for rep in current])
    if changed:
        return Suggestion(found, now, unchanged, index, ends, keep, True)
    return Suggestion(dict(current), now, unchanged, unchanged, unchanged_open, keep, False)
