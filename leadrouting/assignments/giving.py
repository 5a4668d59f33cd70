"""Turns that are given back: of leads that were declined or junk, to who got them by a pool's rotation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leadrouting.assignments import models
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Cause, Order
from leadrouting.common.pipeline import Pipe
from leadrouting.engine.roster import Rotation
from leadrouting.engine.rotation import give_back
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


def give_back_junk(lead: int) -> None:
    """The owner's turn for a lead that has just become junk, where the pool says so. Locks the pool's books."""
    last = Assignment.objects.select_related("decision").filter(lead=lead, ended_at=None).first()
    if last is None or last.decision.step is None or last.decision.tried[-1]["kind"] != "pool":
        return
    row = (
        models.Rotation.objects.select_for_update(no_key=True, of=("self",))
        .filter(pool=last.decision.tried[-1]["id"], pool__gives_back__in=WHEN_JUNK)
        .first()
    )
    if row is not None:
        books = Rotation(row.turns, row.rest, dict(zip(row.member_ids, row.credits, strict=True)))
        give_back(books, last.rep_id)
        row.rest, row.credits = books.rest, list(books.credits.values())
        row.save(update_fields=["rest", "credits"])
