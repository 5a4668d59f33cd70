"""Turns that are given back: of leads that were declined or junk, to who got them by a pool's rotation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from leadrouting.assignments import models
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Cause, Order
from leadrouting.common.pipeline import Pipe
from leadrouting.engine.roster import Rotation
from leadrouting.engine.rotation import charge, give_back
from leadrouting.teams.models import Pool

Gift = tuple[int, int]
"""A pool, and the rep who gets a turn of it back."""

WHEN_DECLINED = [Pool.GivesBack.DECLINED.value, Pool.GivesBack.DECLINED_JUNK.value]
WHEN_JUNK = [Pool.GivesBack.DECLINED_JUNK.value]

READ_GIFTS = """
    SELECT pool.id, decision.rep_id FROM assignments_decision decision
    JOIN teams_pool pool ON pool.id = (decision.tried->-1->>'id')::bigint
    WHERE decision.id = ANY(%s) AND decision.step IS NOT NULL AND decision.rep_id IS NOT NULL
        AND decision.tried->-1->>'kind' = 'pool' AND pool.gives_back = ANY(%s)
"""
"""A lead that was given by hand has another kind of last step."""


def gifts_of(pipe: Pipe, orders: Iterable[Order]) -> list[Gift]:
    """What the declined leads among these give back. Only they cost a statement."""
    declined = [order.moves_from for order in orders if order.cause is Cause.DECLINE and order.moves_from]
    return list(pipe.send(READ_GIFTS, [declined, WHEN_DECLINED]).fetchall()) if declined else []


def give(gifts: Iterable[Gift], rotations: Mapping[int, Rotation]) -> set[int]:
    """Enter the gifts in the books of the locked pools; the pools whose books have changed."""
    changed = set()
    for pool, rep in gifts:
        if (books := rotations.get(pool)) is not None:
            give_back(books, rep)
            changed.add(pool)
    return changed


def give_back_junk(leads: Sequence[int]) -> None:
    """The owners' turns for leads that have just become junk, where the pools say so. Locks the pools' books."""
    enter(leads, give_back)


def charge_junk(leads: Sequence[int]) -> None:
    """The same turns again, for leads that are no junk after all."""
    enter(leads, charge)


def enter(leads: Sequence[int], entry: Callable[[Rotation, int], None]) -> None:
    if not leads:
        return
    won = [
        (one.decision.tried[-1]["id"], one.rep_id)
        for one in Assignment.objects.select_related("decision")
        .filter(lead__in=leads, ended_at=None)
        .order_by("lead_id")
        if one.decision.step is not None and one.decision.tried[-1]["kind"] == "pool"
    ]
    rows = models.Rotation.objects.select_for_update(no_key=True, of=("self",)).filter(
        pool__in={pool for pool, _ in won}, pool__gives_back__in=WHEN_JUNK
    )
    for row in rows.order_by("pool_id"):
        books = Rotation(row.turns, row.rest, dict(zip(row.member_ids, row.credits, strict=True)))
        for pool, rep in won:
            if pool == row.pool_id:
                entry(books, rep)
        row.rest, row.credits = books.rest, list(books.credits.values())
        row.save(update_fields=["rest", "credits"])
