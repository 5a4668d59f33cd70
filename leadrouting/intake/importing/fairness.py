"""How an import was shared out: per rep, per rule, and in each pool against the weighted shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from leadrouting.assignments.models import Decision, Roster
from leadrouting.engine.model import StepKind
from leadrouting.engine.roster import Strategy, Why
from leadrouting.teams.models import Pool

Turn = tuple[int, int, bool]
"""A lead that a pool handed out: the roster's key, the winner, and whether every member could have taken it."""


@dataclass(frozen=True, slots=True)
class Shared:
    """`furthest` is the largest distance of a member's count from the exact share, at any prefix.

    `bound` is what it must stay below: less than one lead from fresh books (see `engine.rotation`), twice that
    from books that had credits already. None: no bound can be named, as members came and went, or load decided.
    """

    pool: str
    leads: int
    members: int
    furthest: float
    bound: float | None

    @property
    def holds(self) -> bool | None:
        return None if self.bound is None else self.furthest < self.bound


def turns_by_pool(leads: Sequence[int]) -> dict[int, list[Turn]]:
    """In order of decision. A few queries for thousands of leads."""
    turns: dict[int, list[Turn]] = {}
    decided = Decision.objects.filter(lead__in=leads, rep__isnull=False).order_by("id")
    for tried, rep in decided.values_list("tried", "rep").iterator():
        won = tried[-1]
        if won["kind"] == StepKind.POOL:
            together = set(won["reasons"]) <= {Why.NOT_THEIR_TURN, Why.MORE_LOADED, Why.MORE_UTILISED}
            turns.setdefault(won["id"], []).append((won["roster"], rep, together))
    return turns


def fairness(leads: Sequence[int]) -> Iterator[Shared]:
    turns = turns_by_pool(leads)
    rosters = Roster.objects.in_bulk({roster for rows in turns.values() for roster, _, _ in rows})
    pools = Pool.objects.select_related("rotation").in_bulk(turns)
    for pool, rows in sorted(turns.items(), key=lambda pair: pools[pair[0]].name):
        used = {roster for roster, _, _ in rows}
        roster = rosters[rows[0][0]]
        weights = dict(zip(roster.rep_ids, roster.weights, strict=True))
        fixed = len(used) == 1 and all(together for _, _, together in rows)
        by_turns = roster.strategy == Strategy.ROUND_ROBIN
        fresh = pools[pool].rotation.turns == len(rows)
        yield Shared(
            pool=pools[pool].name,
            leads=len(rows),
            members=len(weights),
            furthest=furthest(weights, (rep for _, rep, _ in rows)),
            bound=bound(len(weights), fresh) if fixed and by_turns else None,
        )


def bound(members: int, fresh: bool) -> float:
    if members == 1:
        return 1.0
    return (1 if fresh else 2) * (1 - 1 / (2 * members - 2)) + 1e-9


def furthest(weights: dict[int, int], winners: Iterable[int]) -> float:
    """max over prefixes and members of |count - number x weight / total|, exactly."""
    total, counts, worst = sum(weights.values()), Counter[int](), Fraction(0)
    for number, winner in enumerate(winners, 1):
        counts[winner] += 1
        for rep, weight in weights.items():
            worst = max(worst, abs(counts[rep] - Fraction(number * weight, total)))
    return float(worst)


def tally(leads: Sequence[int]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """How many of these leads each owner or queue has, and how many each rule placed; most first."""
    places: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    latest = Decision.objects.filter(lead__in=leads).order_by("lead_id", "-id").distinct("lead_id")
    for rep, queue, rule in latest.values_list("rep__user__name", "queue__name", "rule_name"):
        places[rep or f"Queue: {queue}"] += 1
        rules[rule or "No rule"] += 1
    return places.most_common(), rules.most_common()
