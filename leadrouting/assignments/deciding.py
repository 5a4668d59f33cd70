"""From locked rows to verdicts: which rule, which ladder, which pools to lock, who is there. No writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leadrouting.assignments.facts import facts_of
from leadrouting.assignments.orders import Cause, Order
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.roster import Member, Strategy, Why
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


def match(order: Order, row: dict[str, Any], live: Live, people: People, now: datetime) -> Matched:
    """Facts, rule and ladder of one lead. A rep chosen by hand is a ladder of one step that passes all limits."""
    facts = facts_of(row, people)
    if order.to is not None:
        by_hand = (Step(StepKind.REP, order.to, ignore_hours=True, ignore_capacity=True),)
        return Matched(order, row, facts, Case(order.lead, None, by_hand, live.rule_set.catch_all))
    rule: Rule | None = live.at(now).match(facts)
    case = Case(
        lead=order.lead,
        rule=rule,
        ladder=rule.ladder if rule and not order.to_catch_all else (),
        catch_all=live.rule_set.catch_all,
        had=frozenset(row["had"]),
    )
    return Matched(order, row, facts, case)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who the ladders speak of, and what is known of them before any lock.

    `counted` are the reps whose loads matter: capped, or in a pool that goes by load.
    `manned` pools have somebody to choose from, the `unmanned` have nobody and need no lock.
    """

    unavailable: Mapping[int, Why]
    named: dict[int, Member]
    counted: set[int]
    manned: set[int]
    unmanned: set[int]


def cast(matched: Iterable[Matched], people: People, now: datetime) -> Cast:
    pools: dict[int, bool] = {}
    named: dict[int, bool] = {}  # whether by hand
    for one in matched:
        for step in one.case.ladder:
            if step.kind is StepKind.POOL:
                pools[step.id] = pools.get(step.id, False) or step.ignore_hours
            elif step.kind is StepKind.REP:
                named[step.id] = named.get(step.id, False) or one.order.to is not None
    there = {pool: people.attendance(pool, now) for pool in pools}
    missing = people.unavailable([rep for rep, by_hand in named.items() if not by_hand], now)
    manned = {
        p for p, any_hour in pools.items() if (there[p].anybody_at_any_hour if any_hour else there[p].anybody)
    }
    members = {rep: people.reps[rep].as_member() for rep in named}
    counted = {rep for rep, member in members.items() if member.capped}
    for pool in manned:
        if (roster := people.pools[pool]).capped or roster.strategy is Strategy.LEAST_LOADED:
            counted |= roster.rep_set
    return Cast(
        unavailable=there[next(iter(there))].missing
        if len(there) == 1 and not missing
        else {
            rep: why for part in (*(t.missing for t in there.values()), missing) for rep, why in part.items()
        },
        named=members,
        counted=counted,
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


def next_try(verdict: Verdict, people: People, now: datetime) -> datetime | None:
    """When a lead that nobody could take is tried again: at the next opening, or soon; None if a queue is right."""
    if verdict.queue is None or verdict.step is not None or not verdict.tried:
        return None
    reasons = {why: reps for tried in verdict.tried for why, reps in tried.reasons.items()}
    openings = [
        calendar.next_opening(now)
        for tried in verdict.tried
        for rep in tried.reasons.get(Why.OUTSIDE_HOURS, ())
        if (calendar := people.reps[rep].calendar) is not None
    ]
    if openings and set(reasons) == {Why.OUTSIDE_HOURS}:
        return min(openings)
    return min([now + TRY_AGAIN, *openings])


def stands(order: Order, row: dict[str, Any]) -> bool:
    """Whether there is still something to do: orders come late, twice, and after people have acted."""
    if row["status"] in ("won", "lost", "junk"):
        return False
    if order.moves_from is not None:
        return bool(row["assignment"] == order.moves_from)
    if order.cause in (Cause.ARRIVAL, Cause.SWEEP):
        return row["owner"] is None
    return True
