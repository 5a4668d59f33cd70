"""The one door: every lead that gets, changes or loses an owner comes through `route_many`.

One path for one lead and for thousands, with the same decisions as one by one in the same order. The only
path that leaves the ORM: four round trips and a constant number of statements, whatever the number of rules
and members.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db import OperationalError, transaction

from leadrouting.assignments import deciding, giving, reading, writing
from leadrouting.assignments.kinship import behind, kind_of
from leadrouting.assignments.orders import Order, Outcome
from leadrouting.assignments.recording import record
from leadrouting.assignments.rosters import stored_rosters
from leadrouting.common.insert import insert
from leadrouting.common.pipeline import Pipe, pipeline
from leadrouting.engine.decide import decide_all
from leadrouting.engine.roster import Rotation
from leadrouting.engine.verdict import NeedsPool, Table, Verdict
from leadrouting.leads.enums import Status
from leadrouting.rules import live as rules
from leadrouting.teams.snapshot import People
from leadrouting.teams.snapshot import people as people_of

logger = logging.getLogger(__name__)

CHUNK = 200  # leads that are decided under one lock of their pools: about a tenth of a second
ATTEMPTS = 20  # lost races for capacity before the last error is passed on
LOST_RACE = {"40001", "40P01"}  # serialization failure, deadlock
NO_RULES = timedelta(minutes=1)  # how soon leads are tried again while no version is live


class Stale(Exception):
    """Another transaction moved a lead while this one waited for its lock."""


def route_many(orders: Iterable[Order], now: datetime) -> list[Outcome]:
    """Decide and write, in order, in chunks, each in a transaction of its own.

    Orders for leads that are gone, closed, or already where they should be are passed over. Raises
    OperationalError when a chunk loses too many races in a row; earlier chunks stay routed.
    """
    outcomes: list[Outcome] = []
    remaining = iter(orders)
    while chunk := list(islice(remaining, CHUNK)):
        outcomes += route_chunk(chunk, now)
    return outcomes


def route_chunk(orders: Sequence[Order], now: datetime) -> list[Outcome]:
    """One transaction: 1. lock leads 2. lock pools, read loads 3. decide 4. write all. Again when a race is lost."""
    pools: set[int] = set()
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return attempt_chunk(orders, pools, now)
        except NeedsPool as more:
            pools.add(more.pool)
        except Stale:
            continue
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in LOST_RACE or attempt == ATTEMPTS - 1:
                raise
            logger.info("Routing lost a race, deciding again", extra={"attempt": attempt})
    raise OperationalError("Routing gave up: the leads keep changing hands while they are being decided.")


def attempt_chunk(orders: Sequence[Order], more_pools: set[int], now: datetime) -> list[Outcome]:
    with pipeline() as pipe:
        gives_way = any(order.gives_way for order in orders)
        locked = reading.lock_leads(pipe, {order.lead for order in orders}, now, ahead=gives_way)
        if not all(row.is_consistent for row in locked.values()):
            raise Stale
        due = list(standing(orders, locked))
        if not due:
            return []
        outcomes = decide_and_write(pipe, due, more_pools, now)
        pipe.commit()
    return outcomes


def standing(orders: Sequence[Order], locked: dict[int, reading.Row]) -> Iterator[tuple[Order, reading.Row]]:
    seen: set[int] = set()
    for order in orders:
        row = locked.get(order.lead)
        if row is not None and order.lead not in seen and deciding.stands(order, row.values):
            seen.add(order.lead)
            yield order, row


def decide_and_write(
    pipe: Pipe, due: list[tuple[Order, reading.Row]], more_pools: set[int], now: datetime
) -> list[Outcome]:
    first = due[0][1].values
    if first["version"] is None:
        wait_for_rules(pipe, due, now)
        return []
    people, live = people_of(first["stamp"]).at(now), rules.load(first["version"])
    matched = [deciding.match(order, row.values, live, people, now) for order, row in due]
    if late := behind(matched, first["ahead"], live, people, now):
        wait_for_turn(pipe, [one for one in matched if one.order.lead in late], late, now)
        matched = [one for one in matched if one.order.lead not in late]
        if not matched:
            return []
    who = deciding.cast(matched, people, now)
    gifts = giving.gifts_of(pipe, [one.order for one in matched])
    pools = deciding.first_pools(matched, who) | more_pools | {pool for pool, _ in gifts}
    locked = reading.lock_pools(pipe, pools)
    reading.lock_teams(pipe, who.teams)
    counted = reading.read_loads(pipe, who.counted)
    seen = reading.read_present(pipe, now) if deciding.asks_presence(matched) else None
    tried_before = [one.order.lead for one in matched if one.row["status"] == Status.QUEUED]
    kept = reading.read_kept(pipe, tried_before) if tried_before else None
    turning, members = reading.rotations_from(locked)
    given = giving.give(gifts, turning)
    loads = reading.loads_from(counted, people, now)
    table = Table(
        rosters=stored_rosters(people, pools | who.unmanned),
        rotations={pool: Rotation() for pool in who.unmanned} | turning,
        loads=loads,
        unavailable=who.unavailable,
        named=who.named,
        present=frozenset(seen.fetchall()[0][0]) if seen is not None else None,
        teams=reading.team_loads(who.teams.values(), loads),
    )
    verdicts = decide_all([one.case for one in matched], table)
    outcomes = [
        outcome(one, verdict, live, people, now)
        for one, verdict in zip(matched, verdicts, strict=True)
        if is_wanted(one, verdict)
    ]
    turned = {
        tried.id: table.rotations[tried.id]
        for verdict in verdicts
        if (tried := verdict.won) and tried.roster is not None
    } | {pool: turning[pool] for pool in given}
    if kept is not None:
        remember(kept.fetchall(), outcomes)
    what = record(outcomes, people, now)
    writing.book(pipe, what.bookings, turned, members)
    if what.endings:
        writing.end(pipe, what.endings)
    writing.own(pipe, what.ownings, now)
    insert(pipe, what.rows)
    return outcomes


def is_wanted(one: deciding.Matched, verdict: Verdict) -> bool:
    """Whether what was decided is what the order is after."""
    if one.order.if_taken and verdict.rep is None:
        return False
    if not one.order.if_elsewhere:
        return True
    had: int | None = one.row["owner"]
    if had is not None and verdict.rep is None:
        return verdict.step is not None
    return (verdict.rep, verdict.queue) != (had, one.row["queue"])


def remember(kept: Iterable[tuple[int, str]], outcomes: Iterable[Outcome]) -> None:
    """What kept the leads that wait in a queue joins their rows."""
    by_lead = dict(kept)
    for one in outcomes:
        one.row["kept"] = by_lead.get(one.lead, "")


def outcome(
    one: deciding.Matched, verdict: Verdict, live: rules.Live, people: People, now: datetime
) -> Outcome:
    """The period of ownership begins now, or just after the one before began, or when that ended: periods are never
    empty, and whoever is later by the order of locks may be earlier by their own clock."""
    before: datetime | None = one.row["assigned_at"]
    earliest = before + timedelta(microseconds=1) if before else one.row["last_ended_at"]
    at = one.order.at or now
    route_at = deciding.next_try(verdict, live, people, now)
    return Outcome(
        order=one.order,
        row=one.row,
        facts=one.facts,
        rule_name=one.case.rule.name if one.case.rule else "",
        verdict=verdict,
        decision=one.row["decision_id"],
        decided_at=at,
        starts_at=max(at, earliest) if earliest else at,
        route_at=route_at,
        waits_as=kind_of(one, live, people, now) if route_at is not None else None,
    )


def wait_for_turn(pipe: Pipe, late: list[deciding.Matched], kinds: dict[int, int], now: datetime) -> None:
    """New leads stay where they are, due at once: those that wait are tried before them."""
    waiting = [
        writing.Owning(lead := one.order.lead, None, one.row["queue"], one.row["status"], now, kinds[lead])
        for one in late
    ]
    writing.own(pipe, waiting, now)


def wait_for_rules(pipe: Pipe, due: list[tuple[Order, reading.Row]], now: datetime) -> None:
    """Without a live version leads stay where they are and are tried again."""
    waiting = [
        writing.Owning(order.lead, None, row.values["queue"], row.values["status"], now + NO_RULES)
        for order, row in due
        if row.values["queue"] is not None
    ]
    writing.own(pipe, waiting, now)
