"""A week lived again with other weights: does a report's suggestion do what it said?

The report predicts by expectation (`engine.stream`). Here the same stream of leads goes through the decisions
of `engine.decide`, one by one, and every conversation is closed, or not, by chance, at the pace that each rep
had in that week. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log
from random import Random
from statistics import fmean
from typing import Any

from django.db import transaction

from leadrouting.analytics.models import RebalanceReport
from leadrouting.analytics.suggestions import PoolWeek, pool_weeks
from leadrouting.analytics.weights import apply_suggestion
from leadrouting.assignments.errors import Refused
from leadrouting.engine.balance import balance_index
from leadrouting.engine.decide import decide
from leadrouting.engine.model import Step, StepKind
from leadrouting.engine.roster import Member, Roster, Rotation, Strategy, Why
from leadrouting.engine.verdict import Case, Table
from leadrouting.teams.models import Membership, Pool, User

RUNS = 400


@dataclass(frozen=True, slots=True)
class Replayed:
    """Of one pool: the index that the report predicted, and the one reached, with the weights before and after."""

    pool: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    predicted: tuple[float | None, float | None]
    reached: tuple[float | None, float | None]


def replay(report: RebalanceReport, *, seed: int, now: datetime, runs: int = RUNS) -> list[Replayed]:
    """One result for each pool that the report suggests new weights for.

    Refused: a pool has changed since the report, so its suggestion cannot be applied any more.
    """
    start, end = (datetime.fromisoformat(report.content[key]) for key in ("start", "end"))
    ops = User.objects.get(username="ops")
    results = []
    for content in report.content["pools"]:
        if not content["changed"]:
            continue
        pool = Pool.objects.get(pk=content["pool"])
        (week,) = pool_weeks([pool], start, end, now)
        keep = week.suggestion().keep
        names = {rep: str(week.reps[rep]) for rep in week.weights}
        before = {row["rep"]: row["now"] for row in content["weights"] if row["rep"] in names}
        after = applied(report, pool, ops, now)
        results.append(
            Replayed(
                pool=pool.name,
                before={names[rep]: weight for rep, weight in before.items()},
                after={names[rep]: after[rep] for rep in before},
                predicted=(content["index_unchanged"], content["index_predicted"]),
                reached=(
                    reached(week, before, keep, seed, runs),
                    reached(week, {rep: after[rep] for rep in before}, keep, seed, runs),
                ),
            )
        )
    return results


def applied(report: RebalanceReport, pool: Pool, by: User, now: datetime) -> dict[int, int]:
    """The pool's weights with the suggestion applied, as a click would; taken back at once."""
    with transaction.atomic():
        apply_suggestion(report=report, pool=pool, by=by, now=now)
        weights = dict(Membership.objects.filter(pool=pool).values_list("rep", "weight"))
        transaction.set_rollback(True)
    return weights


def reached(
    week: PoolWeek, weights: Mapping[int, int], keep: Mapping[int, float], seed: int, runs: int
) -> float | None:
    """The balance index of what is open at the week's end on average of `runs`."""
    received = taken(week, weights)
    rng = Random(seed)
    opens = {
        rep: fmean(
            still_open(rng, week.held[rep].open if rep in week.held else 0, received[rep], keep[rep])
            for _ in range(runs)
        )
        for rep in weights
    }
    return balance_index(opens.values())


def taken(week: PoolWeek, weights: Mapping[int, int]) -> dict[int, list[float]]:
    """By rep, how much of the week was left when each of their leads came, decided in order from fresh books."""
    pool = week.pool.pk
    members = tuple(Member(rep, weight) for rep, weight in weights.items())
    roster = Roster(pool, pool, Strategy.ROUND_ROBIN, members)
    table = Table({pool: roster}, {pool: Rotation()}, {}, {}, {})
    case = Case(0, None, (Step(StepKind.POOL, pool),), 0)
    received: dict[int, list[float]] = {rep: [] for rep in weights}
    for arrival in week.stream:
        rep = arrival.rep
        if rep is None:
            missing = set(weights) - arrival.eligible if arrival.eligible is not None else set()
            table.unavailable = dict.fromkeys(missing, Why.AWAY)
            rep = decide(case, table).rep
        if rep in received:
            received[rep].append(arrival.left)
    return received


def still_open(rng: Random, before: int, received: list[float], keep: float) -> int:
    """How many conversations outlast the week, when each ends at any moment with the same chance."""
    if keep <= 0:
        return sum(left == 0 for left in received)
    pace = -log(keep)
    spans = [*([1.0] * before), *received]
    return sum(pace == 0 or rng.expovariate(pace) > span for span in spans)


def described(one: Replayed) -> dict[str, Any]:
    def shown(index: float | None) -> str:
        return "-" if index is None else f"{index:.3f}"

    return {
        "weights": ", ".join(f"{name} {one.before[name]} -> {one.after[name]}" for name in one.before),
        "before": f"predicted {shown(one.predicted[0])}, reached {shown(one.reached[0])}",
        "after": f"predicted {shown(one.predicted[1])}, reached {shown(one.reached[1])}",
    }


__all__ = ["Refused", "Replayed", "described", "replay"]
