"""From a case and the table to a verdict: down the ladder until somebody is eligible, or a queue takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from leadrouting.engine.attempt import try_pool, try_rep
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.record import decode, encode
from leadrouting.engine.roster import Load, Member, Roster, Rotation, Why
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
    "replay",
]

_RESOLVED_BEFORE = {Why.INACTIVE, Why.AWAY, Why.BUSY, Why.ABSENT, Why.OUTSIDE_HOURS}


def decide(case: Case, table: Table) -> Verdict:
    """Who gets the lead, and why. Advances the winner's load and, in a pool, the pool's rotation.

    1. Take the ladder's steps in order. 2. A queue takes the lead. 3. A pool or a rep takes it if anybody
    there is eligible; else the next step is tried. 4. After the last step the catch-all queue takes it.

    NeedsPool: the ladder reached a pool that is not in `table.rotations`; nothing on the table changed.
    KeyError: the table lacks a roster or a named rep, which is a mistake of the caller.
    """
    rule = None if case.rule is None else case.rule.id
    tried: list[Tried] = []
    for index, step in enumerate(case.ladder):
        if step.kind == StepKind.QUEUE:
            tried.append(Tried(index, step.kind, step.id))
            return Verdict(case.lead, rule, index, None, step.id, tuple(tried))
        attempt, passed = (try_pool if step.kind == StepKind.POOL else try_rep)(index, step, case.had, table)
        tried.append(attempt)
        if attempt.picked is not None:
            return Verdict(case.lead, rule, index, attempt.picked, None, tuple(tried), passed)
    return Verdict(case.lead, rule, None, None, case.catch_all, tuple(tried))


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
                table.loads[verdict.rep].open -= 1
                table.loads[verdict.rep].day -= 1
        raise
    return verdicts


def replay(
    verdict: Verdict,
    *,
    ladder: Sequence[Step],
    catch_all: int,
    rosters: Mapping[int, Roster],
) -> Verdict:
    """Decide again from what `verdict` stored; an honest record equals the outcome.

    `rosters` are roster versions by their own id. What was resolved before the decision (availability, who
    already had the lead) is read back from the reasons.
    NeedsPool, KeyError: the ladder goes where the stored verdict never looked; that is a difference too.
    """
    pools: dict[int, Roster] = {}
    rotations: dict[int, Rotation] = {}
    loads: dict[int, Load] = {}
    unavailable: dict[int, Why] = {}
    named: dict[int, Member] = {}
    had: set[int] = set()
    for tried in verdict.tried:
        reps: tuple[int, ...] = (tried.id,)
        if tried.roster is not None:
            roster = rosters[tried.roster]
            reps = roster.reps
            credits = dict(zip(reps, tried.credits, strict=True)) if tried.credits else {}
            pools[tried.id], rotations[tried.id] = roster, Rotation(0, tried.rest, credits)
        elif tried.kind is StepKind.REP:
            named[tried.id] = Member(tried.id, 1, *(tried.caps or (None, None)))
        if tried.loads:
            opens, days = tried.loads[: len(reps)], tried.loads[len(reps) :]
            loads.update(zip(reps, map(Load, opens, days), strict=True))
        for reason, members in tried.reasons.items():
            if reason in _RESOLVED_BEFORE:
                unavailable.update(dict.fromkeys(members, Why(reason)))
            elif reason == Why.ALREADY_HAD:
                had.update(members)
    table = Table(pools, rotations, loads, unavailable, named)
    rule = None if verdict.rule is None else Rule(verdict.rule, "")
    return decide(Case(verdict.lead, rule, tuple(ladder), catch_all, frozenset(had)), table)
