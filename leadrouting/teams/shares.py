"""Weights that follow from more than what ops typed: whole numbers in the smallest terms, so turns stay exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import gcd

from leadrouting.engine.roster import Member, Strategy

HEAVIEST = 30_000
"""What a stored roster has room for."""


def weighed(strategy: Strategy, members: Sequence[Member]) -> tuple[Member, ...]:
    """The members with the weights that they take turns by.

    By capacity a weight counts as often as its member may have leads open; who has no limit is measured by
    the largest in the pool. Where nobody has one, the weights stay. Whoever has no full share counts by it.
    """
    by_limit = strategy is Strategy.CAPACITY and any(member.max_open for member in members)
    if not by_limit and all(member.share == 100 for member in members):
        return tuple(members)
    largest = max((member.max_open or 0 for member in members), default=0)
    limits = [
        1 if not by_limit else largest if member.max_open is None else member.max_open for member in members
    ]
    return scaled(
        members, [member.weight * limit * member.share for member, limit in zip(members, limits, strict=True)]
    )


def scaled(members: Sequence[Member], weights: Sequence[int]) -> tuple[Member, ...]:
    """These weights in the smallest terms. Who has no share keeps nought; nobody else gets less than one: who
    may get nothing is held back by a limit anyway."""
    part = gcd(*weights) or 1
    most = max(weights) // part
    small = [weight // part if most <= HEAVIEST else weight * HEAVIEST // (part * most) for weight in weights]
    return tuple(
        replace(member, weight=max(1, weight) if member.share else 0)
        for member, weight in zip(members, small, strict=True)
    )
