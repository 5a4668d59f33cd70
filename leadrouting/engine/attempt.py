"""One step of a ladder: who there could take the lead, who does, and why not the others."""

from __future__ import annotations

from collections.abc import Sequence

from leadrouting.engine.model import Step
from leadrouting.engine.roster import Load, Member, Strategy, Why
from leadrouting.engine.rotation import settle
from leadrouting.engine.strategies import NO_LOAD, STRATEGIES
from leadrouting.engine.verdict import NeedsPool, Table, Tried


def try_pool(index: int, step: Step, had: frozenset[int], table: Table) -> tuple[Tried, bool]:
    """The pool's pick among its eligible members, and whether the pick passed a cap."""
    rotation = table.rotations.get(step.id)
    if rotation is None:
        raise NeedsPool(step.id)
    roster = table.rosters[step.id]
    eligible, dropped = _screen(roster.members, step, had, table)
    loads: tuple[int, ...] = ()
    if roster.capped or roster.strategy == Strategy.LEAST_LOADED:
        rows = [table.loads.get(rep, NO_LOAD) for rep in roster.reps]
        loads = (*[row.open for row in rows], *[row.day for row in rows])
    reasons = {why: tuple(reps) for why, reps in dropped.items()}
    if not eligible:
        nobody = Tried(index, step.kind, step.id, roster.id, roster.strategy, reasons=reasons, loads=loads)
        return nobody, False
    settle(rotation, roster)
    rest, credits = rotation.rest, tuple([rotation.credits[rep] for rep in roster.reps])
    pick = STRATEGIES[roster.strategy](roster, eligible, rotation, table.loads)
    reasons.update(pick.reasons)
    winner = next(member for member in eligible if member.rep == pick.rep)
    passed = _take(winner, table)
    tried = Tried(
        index, step.kind, step.id, roster.id, roster.strategy, pick.rep, reasons, credits, rest, loads
    )
    return tried, passed


def try_rep(index: int, step: Step, had: frozenset[int], table: Table) -> tuple[Tried, bool]:
    """A rep who is named: no turn is taken, nobody else is considered."""
    known = table.named.get(step.id)
    member = known or Member(step.id)
    eligible, dropped = _screen((member,), step, had, table)
    if eligible and known is None:
        raise KeyError(f"rep {step.id} is named by a ladder but is not on the table")
    load = table.loads.get(step.id, NO_LOAD)
    loads = (load.open, load.day) if member.capped else ()
    caps = (member.max_open, member.max_day) if member.capped else None
    reasons = {why: tuple(reps) for why, reps in dropped.items()}
    picked = step.id if eligible else None
    tried = Tried(index, step.kind, step.id, picked=picked, reasons=reasons, loads=loads, caps=caps)
    return tried, bool(eligible) and _take(member, table)


def _screen(
    members: Sequence[Member], step: Step, had: frozenset[int], table: Table
) -> tuple[list[Member], dict[str, list[int]]]:
    """Part those who could take the lead from those who cannot, with the first reason that holds for each."""
    unavailable, loads = table.unavailable, table.loads
    eligible: list[Member] = []
    dropped: dict[str, list[int]] = {}
    for member in members:
        rep = member.rep
        why = unavailable.get(rep)
        if why is None or (why == Why.OUTSIDE_HOURS and step.ignore_hours):
            why = None
            if rep in had:
                why = Why.ALREADY_HAD
            elif not step.ignore_capacity and (load := loads.get(rep)) is not None:
                why = _full(member, load)
            elif not step.ignore_capacity:
                why = _full(member, NO_LOAD)
            if why is None:
                eligible.append(member)
                continue
        dropped.setdefault(why, []).append(rep)
    return eligible, dropped


def _full(member: Member, load: Load) -> Why | None:
    if member.max_open is not None and load.open >= member.max_open:
        return Why.AT_OPEN_CAP
    if member.max_day is not None and load.day >= member.max_day:
        return Why.AT_DAY_CAP
    return None


def _take(member: Member, table: Table) -> bool:
    """Advance the winner's load; whether a cap was passed by it."""
    load = table.loads.setdefault(member.rep, Load())
    passed = _full(member, load) is not None
    load.open += 1
    load.day += 1
    return passed
