"""The search behind `balance.suggest_weights`: weights whose expected shares lie most evenly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from leadrouting.engine.stream import Arrival, Weights, takers

LIGHTEST, HEAVIEST = 1, 36
SAME = 0.01
"""Indices that differ by less are as good: then the smaller numbers win."""


@dataclass(frozen=True, slots=True)
class Week:
    """The week as expected shares: rep number i ends with fixed[i] + gain[i] * w[i] / sum of pull * w.

    `pull` is how often a rep was there to take a turn, `gain` what the whole stream would leave open.
    """

    reps: list[int]
    weights: list[int]
    fixed: list[float]
    pull: list[float]
    gain: list[float]

    @classmethod
    def of(
        cls,
        current: Weights,
        stream: Sequence[Arrival],
        pool: int,
        fixed: Mapping[int, float],
        keep: Mapping[int, float],
    ) -> Week:
        reps, arrivals = list(current), [a for a in stream if a.rep is None and a.pool == pool]
        left = [arrival.left for arrival in arrivals]
        pull = dict.fromkeys(reps, 1.0)
        if any(arrival.eligible is not None for arrival in arrivals):
            pull = dict.fromkeys(reps, 0.0)
            for rep, _ in takers(arrivals, {pool: current}):
                pull[rep] += 1 / current[rep]
        gain = [pull[rep] * sum([float(keep[rep] ** share) for share in left]) for rep in reps]
        pulls = [pull[rep] for rep in reps]
        return cls(reps, [current[rep] for rep in reps], [fixed.get(rep, 0.0) for rep in reps], pulls, gain)


def search(week: Week, step: int) -> dict[int, int]:
    """The smallest multiple of the current weights that gets, within `SAME`, as even as any."""
    most = max(1, HEAVIEST // (step * max(week.weights)))
    tries = [_descend(week, multiple, step) for multiple in range(1, most + 1)]
    best = min(index for index, _ in tries)
    return next(
        dict(zip(week.reps, weights, strict=True)) for index, weights in tries if index <= best + SAME
    )


def _descend(week: Week, multiple: int, step: int) -> tuple[float, list[int]]:
    """Coordinate descent; four sums make the index of a changed weight a matter of a few operations."""
    weights = [min(HEAVIEST, weight * multiple) for weight in week.weights]
    rows = list(zip(week.fixed, week.pull, week.gain, strict=True))
    first, second = sum(week.fixed), sum([a * a for a in week.fixed])
    size = len(weights)

    def index(pull: float, gain: float, cross: float, square: float) -> float:
        scale = 1 / pull if pull else 0.0
        mean = (first + scale * gain) / size
        spread = (second + 2 * scale * cross + scale * scale * square) / size - mean * mean
        return sqrt(max(spread, 0.0)) / mean if mean > 0 else 0.0

    pull = sum([p * w for (_, p, _), w in zip(rows, weights, strict=True)])
    gain = sum([g * w for (_, _, g), w in zip(rows, weights, strict=True)])
    cross = sum([a * g * w for (a, _, g), w in zip(rows, weights, strict=True)])
    square = sum([(g * w) ** 2 for (_, _, g), w in zip(rows, weights, strict=True)])
    best, moved = index(pull, gain, cross, square), True
    while moved:
        moved = False
        for i, (a, p, g) in enumerate(rows):
            start = week.weights[i] * multiple
            own = weights[i]
            low = max(LIGHTEST, min(HEAVIEST, -(-start // step)))
            for w in range(low, max(low, min(HEAVIEST, start * step)) + 1):
                more = w - own
                change = (p * more, g * more, a * g * more, g * g * (w * w - own * own))
                there = index(pull + change[0], gain + change[1], cross + change[2], square + change[3])
                if there < best - 1e-9:
                    best, chosen, moved = there, (w, change), True
                    weights[i] = w
            if weights[i] != own:
                w, change = chosen
                pull, gain = pull + change[0], gain + change[1]
                cross, square = cross + change[2], square + change[3]
    return best, weights
