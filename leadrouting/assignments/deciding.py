"""From locked rows to verdicts: which rule, which ladder, which pools to lock, who is there. No writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leadrouting.assignments.facts import facts_of
from leadrouting.assignments.orders import Cause, Order
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.roster import Member, Why
from leadrouting.engine.verdict import Case, Verdict
from leadrouting.rules.live import Live
from leadrouting.teams.snapshot import People

TRY_AGAIN = timedelta(minutes=15)
"""How soon a waiting lead is tried again when time alone does not say when somebody will be free."""


@dataclass(frozen=True, slots=True)
class Matched:
    order: Order
    row: dict[str, Any]
    facts: dict[str, Any]
    case: Case


def match(order: Order, row: dict[str, Any], live: Live, people: People) -> Matched:
    """Facts, rule and ladder of one lead. A rep chosen by hand is a ladder of one step that passes all limits."""
    facts = facts_of(row, people)
    if order.to is not None:
        by_hand = (Step(StepKind.REP, order.to, ignore_hours=True, ignore_capacity=True),)
        return Matched(order, row, facts, Case(order.lead, None, by_hand, live.rule_set.catch_all))
    if order.to_catch_all:
        return Matched(order, row, facts, Case(order.lead, None, (), live.rule_set.catch_all))
    rule: Rule | None = live.compiled.match(facts)
    case = Case(
        lead=order.lead,
        rule=rule,
        ladder=rule.ladder if rule else (),
        catch_all=live.rule_set.catch_all,
        had=frozenset(row["had"]),
    )
    return Matched(order, row, facts, case)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who the ladders speak of, who of them is unavailable, and which pools have somebody to choose from."""

    reps: set[int]
    unavailable: dict[int, Why]
    named: dict[int, Member]
    manned: set[int]
    unmanned: set[int]


def cast(matched: Iterable[Matched], people: People, now: datetime) -> Cast:
    pools: dict[int, bool] = {}
    named: set[int] = set()
    by_hand: set[int] = set()
    for one in matched:
        for step in one.case.ladder:
            if step.kind is StepKind.POOL:
                pools[step.id] = pools.get(step.id, False) or step.ignore_hours
            elif step.kind is StepKind.REP:
                (by_hand if one.order.to is not None else named).add(step.id)
    named |= by_hand
    reps = named.union(*(people.pools[pool].reps for pool in pools)) if pools else named
    unavailable = {rep: why for rep, why in people.unavailable(reps, now).items() if rep not in by_hand}
    manned = {
        pool
        for pool, any_hour in pools.items()
        if any(
            (why := unavailable.get(rep)) is None or (any_hour and why is Why.OUTSIDE_HOURS)
            for rep in people.pools[pool].reps
        )
    }
    return Cast(
        reps=set(reps),
        unavailable=unavailable,
        named={rep: people.reps[rep].as_member() for rep in named},
        manned=manned,
        unmanned=set(pools) - manned,
    )


def first_pools(matched: Iterable[Matched], who: Cast) -> set[int]:
    """The pools that will be asked first: on each ladder the first one that has somebody to choose from."""
    first: set[int] = set()
    for one in matched:
        for step in one.case.ladder:
            if step.kind is StepKind.QUEUE or (step.kind is StepKind.REP and step.id not in who.unavailable):
                break
            if step.kind is StepKind.POOL and step.id in who.manned:
                first.add(step.id)
                break
    return first


def next_try(verdict: Verdict, who: Cast, people: People, now: datetime) -> datetime | None:
    """When a lead that nobody could take is tried again: at the next opening, or soon; None if a queue is right."""
    if verdict.queue is None or verdict.step is not None or not verdict.tried:
        return None
    openings = [
        calendar.next_opening(now)
        for rep in who.reps
        if who.unavailable.get(rep) is Why.OUTSIDE_HOURS
        and (calendar := people.reps[rep].calendar) is not None
    ]
    soon = now + TRY_AGAIN
    return min(openings) if openings and len(openings) == len(who.reps) else min([soon, *openings])


def stands(order: Order, row: dict[str, Any]) -> bool:
    """Whether there is still something to do: orders come late, twice, and after people have acted."""
    if row["status"] in ("won", "lost", "junk"):
        return False
    if order.moves_from is not None:
        return bool(row["assignment"] == order.moves_from)
    if order.cause in (Cause.ARRIVAL, Cause.SWEEP):
        return row["owner"] is None
    return True
