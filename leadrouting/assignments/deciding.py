"""From locked rows to verdicts: which rule, which ladder, which pools to lock, who is there. No writes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from leadrouting.assignments.asking import asking, owners_of
from leadrouting.assignments.facts import facts_of
from leadrouting.assignments.orders import BY_HAND, Cause, Order
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.roster import Member, Why
from leadrouting.engine.verdict import Case, Verdict
from leadrouting.rules.live import Live
from leadrouting.teams.models import INTAKE
from leadrouting.teams.snapshot import People, TeamCap

TRY_AGAIN = timedelta(minutes=15)
"""How soon a waiting lead is tried again when time alone does not say when somebody will be free."""
LOOK_AGAIN = timedelta(minutes=2)
"""How soon even if it does: hours, members and absences may change before the opening that is known."""
WHILE_HELD = timedelta(minutes=1)
UNASKED = (Cause.ARRIVAL, Cause.SWEEP)
"""Nobody asked by hand for the lead to be routed."""
BY_THE_CLOCK = (Why.AT_HOUR_CAP, Why.AT_DAY_CAP, Why.AT_WEEK_CAP, Why.TEAM_FULL)
"""Reasons that end with an hour on the rep's clock: days and weeks do so, too."""
LASTING = {Why.LACKS_SKILL, Why.LACKS_LANGUAGE, Why.NOBODY_KNOWN, Why.NO_SHARE}
"""Reasons that no waiting mends, or none before a midnight."""


@dataclass(frozen=True, slots=True)
class Matched:
    order: Order
    row: dict[str, Any]
    facts: dict[str, Any]
    case: Case


def match(order: Order, row: dict[str, Any], live: Live, people: People, now: datetime) -> Matched:
    """Facts, rule and ladder of one lead. A rep chosen by hand is a ladder of one step that passes all limits.

    A lead of a campaign that is not routed stays where it is, unless somebody asked for it to be routed. One
    that is routed again may stay with who has it.
    """
    facts = facts_of(row, people)
    stays: int = row["queue"] or INTAKE
    if (ladder := directly(order)) is not None:
        catch_all = stays if order.cause == Cause.TAKE else live.rule_set.catch_all
        case = Case(order.lead, None, ladder, catch_all)
        if order.cause == Cause.BREACH:
            case = replace(case, had=row["had"])
        return Matched(order, row, facts, case)
    if row["unrouted"] is not None and is_unasked(order):
        order = replace(order, cause=Cause.UNROUTED, reason=row["unrouted"])
        return Matched(order, row, facts, Case(order.lead, None, (), stays))
    rule: Rule | None = live.at(now).match(facts)
    ladder = rule.ladder if rule and not order.to_catch_all else ()
    case = Case(
        lead=order.lead,
        rule=rule,
        ladder=ladder,
        catch_all=live.rule_set.catch_all,
        had=row["had"] if order.cause is not Cause.REROUTE else row["had"] - {row["assigned_to"]},
        lacking=people.lacking(rule.skills) if rule else frozenset(),
        waiting=waiting(since(row), now),
        hold=stays,
    )
    return Matched(order, row, facts, asking(case, owners_of(row), facts, people, now))


def is_unasked(order: Order) -> bool:
    """Somebody who came back did not ask for the routing of a campaign to be switched on."""
    return order.cause in UNASKED or (order.cause == Cause.RETURN and order.moves_from is None)


def directly(order: Order) -> tuple[Step, ...] | None:
    """The one step of an order that asks no rule: a rep named by hand, by the policy or by taking it, or a queue."""
    if order.to is not None:
        return NAMED.get(order.cause, named)(order.to)
    return (Step(StepKind.QUEUE, order.to_queue),) if order.to_queue is not None else None


def by_hand(rep: int) -> tuple[Step, ...]:
    return (Step(StepKind.REP, rep, ignore_hours=True, ignore_capacity=True),)


def taking(rep: int) -> tuple[Step, ...]:
    return (Step(StepKind.REP, rep, ignore_hours=True),)


def named(rep: int) -> tuple[Step, ...]:
    return (Step(StepKind.REP, rep),)


NAMED = {**dict.fromkeys(BY_HAND, by_hand), Cause.TAKE: taking, Cause.RETURN: taking}


def since(row: Mapping[str, Any]) -> datetime | None:
    """When the lead began to look for an owner (UTC); None: with this very decision, which takes it from somebody."""
    began: datetime = row["last_ended_at"] or row["created_at"]
    return began if row["assignment"] is None else None


def waiting(began: datetime | None, now: datetime) -> int:
    """Whole seconds that the lead has been looking for an owner."""
    return max(0, int((now - began).total_seconds())) if began is not None else 0


@dataclass(frozen=True, slots=True)
class Cast:
    """Who the ladders speak of, and what is known of them before any lock.

    `counted` are the reps whose loads matter: capped, in a team with a cap, or in a pool that goes by load.
    `teams` are those with a cap whose reps may get a lead.
    `manned` pools have somebody to choose from, the `unmanned` have nobody and need no lock.
    """

    unavailable: Mapping[int, Why]
    named: dict[int, Member]
    counted: set[int]
    manned: set[int]
    unmanned: set[int]
    teams: Mapping[int, TeamCap]


def cast(matched: Iterable[Matched], people: People, now: datetime) -> Cast:
    pools: dict[int, bool] = {}
    named: dict[int, bool] = {}  # whether by hand
    for one in matched:
        for step in one.case.ladder:
            if (own := one.case.pool_of(step)) is not None:
                for pool in (own, people.pools[own].after_pool):
                    if pool:
                        any_hour = step.ignore_hours or people.pools[pool].any_hour
                        pools[pool] = pools.get(pool, False) or any_hour
            elif (rep := one.case.rep_of(step)) is not None:
                named[rep] = named.get(rep, False) or one.order.cause in BY_HAND
    there = {pool: people.attendance(pool, now) for pool in pools}
    missing = people.unavailable([rep for rep, by_hand in named.items() if not by_hand], now)
    manned = {
        p for p, any_hour in pools.items() if (there[p].anybody_at_any_hour if any_hour else there[p].anybody)
    }
    members = {rep: people.reps[rep].as_member() for rep in named}
    counted = {rep for rep, member in members.items() if member.capped}
    for pool in manned:
        if (roster := people.pools[pool]).capped or roster.strategy.by_load:
            counted |= roster.rep_set
    teams: dict[int, TeamCap] = {}
    if people.team_caps:
        asked = set(named).union(*(people.pools[pool].rep_set for pool in manned))
        teams = {team: cap for team, cap in people.team_caps.items() if not asked.isdisjoint(cap.reps)}
        counted = counted.union(*(cap.reps for cap in teams.values()))
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
        teams=teams,
    )


def first_pools(matched: Iterable[Matched], who: Cast) -> set[int]:
    """The pools that will be asked first: on each ladder the first one that has somebody to choose from."""
    first: set[int] = set()
    for one in matched:
        for step in one.case.ladder:
            if step.kind is StepKind.QUEUE:
                break
            if (pool := one.case.pool_of(step)) is not None and pool in who.manned:
                first.add(pool)
                break
            if (rep := one.case.rep_of(step)) is not None and rep not in who.unavailable:
                break
            if one.case.waits_for(step):
                break
    return first


def asks_presence(matched: Iterable[Matched]) -> bool:
    """Whether any ladder has a step for those only who have their pages open."""
    return any(step.only_present for one in matched for step in one.case.ladder)


def next_try(verdict: Verdict, live: Live, people: People, now: datetime) -> datetime | None:
    """When a lead that nobody could take is tried again: when somebody opens, is back or gets room by the clock
    alone, when other rules begin to be valid, or sooner; None if a queue is right.

    Whatever else frees somebody writes to the database, and that stirs all that wait. A held lead is tried every minute, so that it finds whoever is free again, and when its wait ends.
    """
    if verdict.queue is None or verdict.step is not None or not verdict.tried:
        return None
    reasons = {why: reps for tried in verdict.tried for why, reps in tried.reasons.items()}
    openings = [
        opening
        for tried in verdict.tried
        for why in (Why.OUTSIDE_HOURS, Why.ABSENT)
        for rep in tried.reasons.get(why, ())
        if (opening := people.reps[rep].back(now)) is not None and opening > now
    ]
    last = verdict.tried[-1]
    waits = verdict.held and not last.until_opening
    ends = [now + timedelta(seconds=last.wait * 60 - last.waited)] if waits else []
    ends += turning_points(reasons, live, people, now)
    if openings and set(reasons) - LASTING == {Why.OUTSIDE_HOURS}:
        return min([now + LOOK_AGAIN, *openings, *ends])
    return min([now + (WHILE_HELD if waits else TRY_AGAIN), *openings, *ends])


def turning_points(
    reasons: Mapping[str, Iterable[int]], live: Live, people: People, now: datetime
) -> list[datetime]:
    """When counts begin anew on the clocks of those who are full, shares change, or other rules are valid."""
    full = {rep for why in BY_THE_CLOCK for rep in reasons.get(why, ())}
    zones = {who.zone: who for rep in full if (who := people.reps.get(rep)) is not None}
    turning = [who.hour(now) + timedelta(hours=1) for who in zones.values()]
    known = [live.changes, people.changes if Why.NO_SHARE in reasons else ()]
    return turning + [
        changes[later] for changes in known if (later := bisect_right(changes, now)) < len(changes)
    ]


def stands(order: Order, row: dict[str, Any]) -> bool:
    """Whether there is still something to do: orders come late, twice, and after people have acted."""
    if row["status"] in ("won", "lost", "junk"):
        return False
    if order.moves_from is not None:
        return bool(row["assignment"] == order.moves_from)
    if order.cause in UNASKED or order.if_unowned:
        return row["owner"] is None
    return True
