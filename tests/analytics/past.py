"""Writes a past straight into the tables: leads with their owners, replies and clocks, at given instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from psycopg.types.range import TimestamptzRange

from leadrouting.assignments.models import Assignment, Decision
from leadrouting.leads.enums import CLOSED, Status
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock, Policy
from leadrouting.teams.models import Rep
from tests import world

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NEXT = MONDAY + timedelta(days=7)


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    """In the week of MONDAY; day 0 is Monday, -1 the Sunday before."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


def lead(created_at: datetime, **values: Any) -> Lead:
    """A lead that waits in the intake queue."""
    return world.lead(**{"created_at": created_at, "queued_at": created_at, "route_at": None, **values})


def owned(
    lead: Lead,
    rep: Rep,
    started_at: datetime,
    *,
    until: datetime | None = None,
    end: str = Assignment.End.REASSIGNED,
    replied_at: datetime | None = None,
    rule: str = "All",
    cause: str = Decision.Cause.ARRIVAL,
    tried: list[Any] | None = None,
) -> Assignment:
    """A span of ownership; without `until` it lasts, and the rep is the lead's owner."""
    decision = Decision.objects.create(
        lead=lead,
        cause=cause,
        decided_at=started_at,
        rep=rep,
        rule_name=rule,
        facts={},
        tried=tried or [],
        engine_version=1,
    )
    assignment = Assignment.objects.create(
        decision=decision,
        lead=lead,
        rep=rep,
        period=TimestamptzRange(started_at, until),
        end=end if until else "",
        accepted_at=replied_at,
        responded_at=replied_at,
    )
    if until is None:
        Lead.objects.filter(pk=lead.pk).update(owner=rep, queue=None, status=Status.ASSIGNED)
    return assignment


def closed(lead: Lead, status: str, closed_at: datetime, revenue: int | None = None) -> None:
    assert status in CLOSED
    money = None if revenue is None else Decimal(revenue)
    Lead.objects.filter(pk=lead.pk).update(status=status, closed_at=closed_at, revenue=money)


def clock(assignment: Assignment, outcome: str = "", ended_at: datetime | None = None) -> Clock:
    policy, _ = Policy.objects.get_or_create(name="Soon")
    start = assignment.period.lower
    due_at = start + timedelta(minutes=15)
    return Clock.objects.create(
        assignment=assignment,
        lead=assignment.lead,
        rep=assignment.rep,
        policy=policy,
        started_at=start,
        due_at=due_at,
        wake_at=due_at if ended_at is None else None,
        ended_at=ended_at,
        outcome=outcome,
    )
