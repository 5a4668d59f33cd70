"""From outcomes to what is written: bookings, ownership, decisions, and what other rooms add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model
from psycopg.types.range import TimestamptzRange

from leadrouting.assignments.deciding import since
from leadrouting.assignments.lasting import in_words
from leadrouting.assignments.models import Assignment, Decision
from leadrouting.assignments.orders import Cause, Outcome
from leadrouting.assignments.signals import decided, released
from leadrouting.assignments.writing import Booking, Ending, Owning
from leadrouting.engine import ENGINE_VERSION
from leadrouting.engine.decide import encode
from leadrouting.leads.enums import Status
from leadrouting.teams.snapshot import People

ENDS = {
    Cause.DECLINE: Assignment.End.DECLINED,
    Cause.BREACH: Assignment.End.BREACHED,
}

UNASKED = (Cause.ARRIVAL, Cause.RETURN, Cause.SWEEP, Cause.UNROUTED)
"""Nobody waits for a word about it: a lead that stays in its queue is no news."""


@dataclass(slots=True)
class Record:
    bookings: dict[int, Booking] = field(default_factory=dict)
    ownings: list[Owning] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    rows: list[Model] = field(default_factory=list)


def record(outcomes: Sequence[Outcome], people: People, now: datetime) -> Record:
    """Everything that a chunk of outcomes writes. Asks the receivers of `decided` for their rows."""
    what = Record()
    news = [outcome for outcome in outcomes if not is_unchanged(outcome)]
    for outcome in outcomes:
        what.ownings.append(owning(outcome))
    for outcome in news:
        count(outcome, what, people)
    moved = [outcome for outcome in news if outcome.row["assignment"] is not None]
    if moved:
        released.send(None, outcomes=moved, now=now)
    what.endings = [ending(outcome) for outcome in moved]
    what.rows = [decision_row(outcome) for outcome in news]
    what.rows += [assignment_row(outcome) for outcome in news if outcome.verdict.rep is not None]
    if news:
        answers: list[tuple[Any, Any]] = decided.send(None, outcomes=news, people=people, now=now)
        for _, rows in answers:
            what.rows += rows or []
    return what


def is_unchanged(outcome: Outcome) -> bool:
    """A waiting lead that was tried again and stays where it is: its last decision still says why. So it is when the
    drain was faster than the signal of its arrival, or its return, which then finds it waiting."""
    return (
        outcome.order.cause in UNASKED
        and outcome.row["status"] == Status.QUEUED
        and outcome.verdict.queue is not None
        and outcome.verdict.queue == outcome.row["queue"]
        and kept(outcome) == outcome.row.get("kept", "")
    )


def kept(outcome: Outcome) -> str:
    """As what a lead stays in a queue: left to people, held for a step of a rule; empty: waiting for an owner."""
    verdict = outcome.verdict
    if outcome.order.cause is Cause.UNROUTED:
        return "unrouted"
    return f"{verdict.rule}:{verdict.tried[-1].step}" if verdict.held else ""


def owning(outcome: Outcome) -> Owning:
    verdict = outcome.verdict
    status = Status.ASSIGNED if verdict.rep is not None else Status.QUEUED
    return Owning(outcome.lead, verdict.rep, verdict.queue, status, outcome.route_at, outcome.waits_as)


def count(outcome: Outcome, what: Record, people: People) -> None:
    """One open conversation less for who had the lead, one more for who has it now. Of owners of the past, in several
    hours, those of one hour count in it."""
    if (before := outcome.row["assigned_to"]) is not None:
        booking(what, before, people, outcome).delta -= 1
    if (rep := outcome.verdict.rep) is not None:
        taking = booking(what, rep, people, outcome)
        taking.delta += 1
        if people.reps[rep].hour(outcome.decided_at) == taking.hour:
            taking.taken += 1
        if not outcome.verdict.passed_cap:
            who = people.reps[rep]
            taking.max_open, taking.max_day = who.max_open, who.max_day
            taking.max_hour, taking.max_week = who.max_hour, who.max_week


def booking(what: Record, rep: int, people: People, outcome: Outcome) -> Booking:
    who, at = people.reps[rep], outcome.decided_at
    return what.bookings.setdefault(rep, Booking(who.today(at), who.hour(at), who.week(at)))


def ending(outcome: Outcome) -> Ending:
    end = ENDS.get(outcome.order.cause, Assignment.End.REASSIGNED)
    return Ending(outcome.row["assignment"], outcome.starts_at, end)


def decision_row(outcome: Outcome) -> Decision:
    verdict, rule = outcome.verdict, outcome.verdict.rule
    return Decision(
        id=outcome.decision,
        lead_id=outcome.lead,
        cause=outcome.order.cause,
        actor_id=outcome.order.actor,
        reason=outcome.order.reason or waited(outcome),
        decided_at=outcome.decided_at,
        version_id=outcome.row["version"],
        rule_id=rule,
        rule_name=outcome.rule_name,
        step=verdict.step,
        rep_id=verdict.rep,
        queue_id=verdict.queue,
        passed_cap=verdict.passed_cap,
        facts=outcome.facts,
        tried=encode(verdict)["tried"],
        engine_version=ENGINE_VERSION,
    )


def waited(outcome: Outcome) -> str:
    """How long a lead that was found waiting had waited, when somebody gets it: `3 h 10 min`. Of steps that wait the
    verdict itself tells."""
    verdict = outcome.verdict
    if (
        outcome.order.cause is not Cause.SWEEP
        or verdict.rep is None
        or any(one.wait for one in verdict.tried)
    ):
        return ""
    began = since(outcome.row) if outcome.row["status"] == Status.QUEUED else None
    return in_words(outcome.decided_at - began) if began is not None else ""


def assignment_row(outcome: Outcome) -> Assignment:
    return Assignment(
        decision_id=outcome.decision,
        lead_id=outcome.lead,
        rep_id=outcome.verdict.rep,
        period=TimestamptzRange(outcome.starts_at, None),
    )
