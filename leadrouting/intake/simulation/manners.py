"""How reps work, by chance: when they answer a lead, whether they decline it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from random import Random
from typing import Any

SPREAD = 0.75  # how much a rep's answers vary, on a logarithmic scale
FORGOTTEN = 0.02
LOST = [
    "Chose a competitor",
    "No budget this year",
    "No answer after five attempts",
    "Only wanted prices",
    "Too small for us",
]
DECLINES = [
    "Not my language",
    "Knows a colleague already",
    "I am in meetings all day",
    "Conflict of interest",
]


@dataclass(frozen=True, slots=True)
class Manner:
    """`pace`: the median time to a first answer as a share of the time allowed; `days`: that of a deal.
    `decline`, `win` and `close` are chances; what is not closed stays open."""

    pace: float = 0.35
    decline: float = 0.02
    win: float = 0.18
    days: float = 12
    close: float = 0.88

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Manner:
        return cls(**entry.get("manner", {}))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rep does about a lead that has just come. `share` of the allowed time; None: nothing at all."""

    share: float | None
    accepts: bool = False
    declines: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """What follows the first answer, in days from it. `outcome` is empty while the lead stays open."""

    call: float | None
    meeting: float | None
    end: float
    outcome: str = ""
    revenue: int | None = None
    reason: str = ""


def answer(rng: Random, manner: Manner) -> Answer:
    chance = rng.random()
    share = rng.lognormvariate(log(manner.pace), SPREAD)
    if chance < manner.decline:
        return Answer(min(share, 0.9), declines=rng.choice(DECLINES))
    if chance < manner.decline + FORGOTTEN:
        return Answer(None)
    return Answer(share, accepts=share > 0.3 and rng.random() < 0.2)


def deal(rng: Random, manner: Manner, luck: float, size: float, share: float) -> Deal:
    """`luck` is the lead's own, `size` the deal's; who answers quickly (`share` of the time allowed) wins more."""
    end = rng.lognormvariate(log(manner.days), 0.6)
    call = rng.uniform(0.5, 3) if rng.random() < 0.15 else None
    meeting = end * rng.uniform(0.2, 0.6) if rng.random() < 0.3 else None
    if rng.random() >= manner.close:
        return Deal(call, meeting, end)
    if rng.random() < 0.06:
        return Deal(None, None, min(end, 1.5), "junk", reason="Not a real enquiry")
    quick = 1.15 if share < 0.4 else 0.85
    met = 1.3 if meeting is not None else 0.85
    if rng.random() < manner.win * luck * quick * met:
        return Deal(call, meeting, end, "won", revenue=round(size * rng.uniform(0.7, 1.1) / 10) * 10)
    return Deal(call, meeting, end, "lost", reason=rng.choice(LOST))
