"""From a case and the table to a verdict: down the ladder until somebody is eligible, or a queue takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from leadrouting.engine.attempt import try_pool, try_rep
from leadrouting.engine.model import StepKind
from leadrouting.engine.record import decode, encode
from leadrouting.engine.roster import Why
from leadrouting.engine.rotation import copy
from leadrouting.engine.verdict import Case, NeedsPool, Table, Tried, Verdict

__all__ = [
    "Case",
    "NeedsPool",
    "Table",
    "Tried",
    "Verdict",
    "decide",
    "decide_all",
    "decode",
    "encode",
]

FOR_GOOD = frozenset({Why.NOBODY_KNOWN, Why.INACTIVE, Why.ALREADY_HAD, Why.LACKS_SKILL, Why.LACKS_LANGUAGE})
"""Causes that waiting does not end."""
NOT_THERE = frozenset({Why.OUTSIDE_HOURS, Why.AWAY, Why.BUSY, Why.ABSENT, Why.INACTIVE, Why.NO_SHARE})
NOT_FOR_THIS = NOT_THERE | FOR_GOOD
"""Causes of those whom an opening does not bring, or who are not for this lead at all."""


def decide(case: Case, table: Table) -> Verdict:
    """Who gets the lead, and why. Advances the winner's load and, in a pool, the pool's rotation.

    1. Take the ladder's steps in order. 2. A queue takes the lead. 3. A pool or a rep takes it if anybody
    there is eligible; a pool that is closed may have another that is asked instead. 4. Else the lead is held where it is while the step's wait lasts (nobody is waited for
    who cannot come), or, where the step has none, until a closed pool opens that holds its leads, 5. and the next step is tried. 6. After the last the catch-all queue takes it.

    NeedsPool: the ladder reached a pool that is not in `table.rotations`; nothing on the table changed.
    KeyError: the table lacks a roster or a named rep, which is a mistake of the caller.
    """
    rule = None if case.rule is None else case.rule.id
    tried: list[Tried] = []
    for index, step in enumerate(case.ladder):
        if step.kind == StepKind.QUEUE:
            tried.append(Tried(index, step.kind, step.id))
            return Verdict(case.lead, rule, index, None, step.id, tuple(tried))
        if (pool := case.pool_of(step)) is None:
            attempt, passed = try_rep(index, step, case, table)
        else:
            attempt, passed = try_pool(index, pool, step, case, table)
            if (after := table.rosters[pool].after_pool) and _closed(attempt):
                tried.append(attempt)
                attempt, passed = try_pool(index, after, replace(step, kind=StepKind.POOL), case, table)
        if attempt.picked is not None:
            return Verdict(case.lead, rule, index, attempt.picked, None, (*tried, attempt), passed)
        if step.wait and not FOR_GOOD.issuperset(attempt.reasons):
            attempt = replace(attempt, wait=step.wait, waited=case.waiting)
        elif pool is not None and not step.wait and table.rosters[pool].holds and _opens(attempt):
            attempt = replace(attempt, until_opening=True)
        tried.append(attempt)
        if attempt.holds:
            return Verdict(case.lead, rule, None, None, case.hold, tuple(tried))
    return Verdict(case.lead, rule, None, None, case.catch_all, tuple(tried))


def _closed(attempt: Tried) -> bool:
    """Whether nobody took it because all who are there at all are outside their hours."""
    causes = attempt.reasons.keys()
    return attempt.picked is None and Why.OUTSIDE_HOURS in causes and NOT_THERE.issuperset(causes)


def _opens(attempt: Tried) -> bool:
    """Whether nobody took it, and all whom it could go to are outside their hours, or not there."""
    return Why.OUTSIDE_HOURS in attempt.reasons and NOT_FOR_THIS.issuperset(attempt.reasons)


def decide_all(cases: Iterable[Case], table: Table) -> list[Verdict]:
    """Decide in order at one shared table: the same verdicts as one by one.

    NeedsPool: as in `decide`; what earlier cases changed is taken back first, so the batch can start again.
    """
    before = {pool: copy(rotation) for pool, rotation in table.rotations.items()}
    verdicts: list[Verdict] = []
    try:
        for case in cases:
            verdicts.append(decide(case, table))  # noqa: PERF401  the verdicts so far are needed below
    except NeedsPool:
        table.rotations.update(before)
        for verdict in verdicts:
            if verdict.rep is not None:
                table.loads[verdict.rep].count(-1)
                if (team := table.teams.get(verdict.rep)) is not None:
                    team.count(-1)
        raise
    return verdicts
