"""A deadline that was missed is recorded as missed, also when somebody acts before the pulse has come to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from leadrouting.assignments.orders import Outcome
from leadrouting.sla.misses import set_away_after_misses
from leadrouting.sla.models import Clock, Rung
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.plan import BREACH, Moment
from leadrouting.sla.services import took
from leadrouting.sla.signals import escalated

TOLD = (BREACH, Rung.Do.NOTIFY, Rung.Do.RAISE)
"""What still happens then. Nothing moves any more: the lead is answered, closed, or with somebody else."""


def settle(
    clocks: QuerySet[Clock], now: datetime, since: str = "", outcomes: Mapping[int, Outcome] | None = None
) -> None:
    """Take the steps that were due by `now` of those that have missed their deadline and still run.

    Called with the lead locked, before the clocks end and before what ends them is written: so no sweep takes a step
    twice, and none after. `since` says in a sentence what has become of the lead, `outcomes` by assignment.
    """
    late = clocks.filter(ended_at=None, due_at__lt=now, wake_at__isnull=False)
    for clock in late.select_related("policy", "lead", "rep__user", "rep__team__manager").order_by("pk"):
        moments = [moment for moment in map(Moment.read, clock.plan) if moment.at <= now]
        steps = [one.do for one in moments if one.do in TOLD and took(clock, one.key, now)]
        outcome = (outcomes or {}).get(clock.assignment_id)
        escalated.send(Clock, clock=clock, steps=steps, now=now, outcome=outcome, since=since)
        if clock.kind == Kind.RESPOND:
            count_on_commit(clock.rep_id, now)


def count_on_commit(rep: int, now: datetime) -> None:
    """In a transaction of its own: this one may take loads next, which whoever counts misses holds already. If the
    process dies in between, the next miss counts this one, too."""
    transaction.on_commit(lambda: set_away_after_misses_alone(rep, now), robust=True)


@transaction.atomic
def set_away_after_misses_alone(rep: int, now: datetime) -> None:
    set_away_after_misses(rep, now)
