"""A pool's week as the engine's model takes it, and the weights that it suggests.

The stream of a pool's week is every lead that the pool handed out, with those who could have taken it, and
every lead that a member was given in another way, by name: those come again whatever the weights are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from leadrouting.analytics.held import Held, held
from leadrouting.assignments.models import Decision
from leadrouting.engine.balance import Arrival, Suggestion, suggest_weights
from leadrouting.engine.model import StepKind
from leadrouting.engine.roster import Strategy, Why
from leadrouting.teams.models import Membership, Pool, Rep
from leadrouting.teams.models.pools import HIGHEST_WEIGHT
from leadrouting.teams.snapshot import people_now

COULD = {Why.NOT_THEIR_TURN, Why.MORE_LOADED, Why.MORE_UTILISED}
"""The reasons of members who were not chosen although they could have taken the lead."""


@dataclass(frozen=True, slots=True)
class PoolWeek:
    """`weights` are those of the active members, `resting` those of members who get no leads at all, or whose
    share is not full: the turns that they took are left out, as others could not have had them."""

    pool: Pool
    reps: Mapping[int, Rep]
    weights: Mapping[int, int]
    resting: Mapping[int, int]
    stream: Sequence[Arrival]
    held: Mapping[int, Held]

    @property
    def can_be_weighed(self) -> bool:
        """Weights decide only in a round robin of several."""
        return self.pool.strategy == Strategy.ROUND_ROBIN and len(self.weights) > 1

    def suggestion(self) -> Suggestion:
        """ValueError: the pool has no active member."""
        row = {rep: self.held.get(rep, Held()) for rep in self.weights}
        return suggest_weights(
            self.weights,
            {rep: one.received for rep, one in row.items()},
            {rep: one.open for rep, one in row.items()},
            {rep: one.closed for rep, one in row.items()},
            stream=self.stream,
            pool=self.pool.pk,
        )

    def all_weights(self, weights: Mapping[int, int]) -> dict[int, int]:
        """With the resting members, who keep their share should they come back."""
        scale = sum(weights.values()) / sum(self.weights.values())
        kept = {
            rep: min(HIGHEST_WEIGHT, max(1, round(weight * scale))) for rep, weight in self.resting.items()
        }
        return {**weights, **kept}


def pool_weeks(pools: Iterable[Pool], start: datetime, end: datetime, now: datetime) -> list[PoolWeek]:
    """The pools' weeks `[start, end)` for the members of now, in three queries. Open is as of `end`, or `now`."""
    pools = list(pools)
    end = min(end, now)
    members: dict[int, list[Membership]] = {pool.pk: [] for pool in pools}
    for membership in (
        Membership.objects.filter(pool__in=pools).select_related("rep__user", "rep__quota").order_by("id")
    ):
        members[membership.pool_id].append(membership)
    reps = {one.rep_id for rows in members.values() for one in rows}
    counts, decisions = held(reps, start, end), handed_out(members.keys(), reps, start, end)
    partly = without_full_share([one for rows in members.values() for one in rows], end)
    return [pool_week(pool, members[pool.pk], partly, counts, decisions, (start, end)) for pool in pools]


def without_full_share(members: Iterable[Membership], at: datetime) -> frozenset[int]:
    """Those who are ramping up or have reached their quota. One query more if anybody could."""
    reps = {one.rep_id for one in members if one.rep.started_on or getattr(one.rep, "quota", None)}
    who = people_now() if reps else None
    return frozenset(rep for rep in reps if who is not None and who.reps[rep].parts(at))


def pool_week(
    pool: Pool,
    members: Sequence[Membership],
    partly: frozenset[int],
    counts: Mapping[int, Held],
    decisions: Sequence[Mapping[str, Any]],
    span: tuple[datetime, datetime],
) -> PoolWeek:
    weights = {one.rep_id: one.weight for one in members if one.rep.is_active and one.rep_id not in partly}
    stream = [
        arrival(row, pool.pk, frozenset(weights), span)
        for row in decisions
        if (is_turn(row, pool.pk) and row["rep"] not in partly) or row["rep"] in weights
    ]
    return PoolWeek(
        pool=pool,
        reps={one.rep_id: one.rep for one in members},
        weights=weights,
        resting={one.rep_id: one.weight for one in members if one.rep_id not in weights},
        stream=stream,
        held=counts,
    )


def handed_out(
    pools: Iterable[int], reps: Iterable[int], start: datetime, end: datetime
) -> list[Mapping[str, Any]]:
    """Decisions of `[start, end)` that gave somebody of these pools a lead, in order. One query.

    The last step of `tried` is the one that took the lead.
    """
    last = KeyTransform("-1", "tried")
    return list(
        Decision.objects.filter(decided_at__gte=start, decided_at__lt=end, rep__isnull=False)
        .annotate(
            kind=KeyTransform("kind", last),
            target=KeyTransform("id", last),
            why=KeyTransform("reasons", last),
        )
        .filter(Q(rep__in=list(reps)) | Q(kind=StepKind.POOL, target__in=list(pools)))
        .order_by("decided_at", "id")
        .values("decided_at", "kind", "target", "why", "rep")
    )


def is_turn(row: Mapping[str, Any], pool: int) -> bool:
    return bool(row["kind"] == StepKind.POOL and row["target"] == pool)


def arrival(
    row: Mapping[str, Any], pool: int, members: frozenset[int], span: tuple[datetime, datetime]
) -> Arrival:
    start, end = span
    left = (end - row["decided_at"]) / (end - start)
    if not is_turn(row, pool):
        return Arrival(None, left, rep=row["rep"])
    dropped = {rep for why, reps in (row["why"] or {}).items() if why not in COULD for rep in reps}
    able = members - dropped
    return Arrival(pool, left, None if able == members else able)
