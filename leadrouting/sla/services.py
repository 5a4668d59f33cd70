"""What clocks do when their time comes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead
from leadrouting.sla.misses import set_away_after_misses
from leadrouting.sla.models import Clock, Escalation
from leadrouting.sla.signals import escalated

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=10)


def act_on_due_clocks(now: datetime, limit: int = 100) -> int:
    """Act on clocks whose time has come, most overdue first, each in a transaction of its own.

    A clock that fails is put off with growing pauses and holds up nobody. Returns how many were due.
    """
    due = list(
        Clock.objects.filter(ended_at=None, wake_at__lte=now)
        .order_by("wake_at", "id")
        .values_list("id", "lead_id")[:limit]
    )
    for clock, lead in due:
        try:
            act(clock, lead, now)
        except Exception:
            logger.exception("A clock could not act and is put off", extra={"clock": clock})
            put_off(clock, now)
    return len(due)


@transaction.atomic
def act(clock_id: int, lead_id: int, now: datetime) -> None:
    """Lock the lead, then the clock, and take the step that is due, if it still is.

    Another sweep that works on the same lead is left to it.
    """
    free = Lead.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=lead_id)
    if not list(free.values_list("pk")):
        return
    clock = (
        Clock.objects.select_for_update(no_key=True, of=("self",))
        .select_related("policy", "lead", "rep__user", "rep__team")
        .filter(pk=clock_id, ended_at=None, wake_at__lte=now)
        .first()
    )
    if clock is None:
        return
    if now < clock.due_at:
        remind(clock, now)
    else:
        breach(clock, now)


def remind(clock: Clock, now: datetime) -> None:
    Clock.objects.filter(pk=clock.pk).update(wake_at=clock.due_at)
    if took(clock, Escalation.Step.REMINDER, now):
        escalated.send(Clock, clock=clock, step=Escalation.Step.REMINDER, now=now, outcome=None)


def breach(clock: Clock, now: datetime) -> None:
    """The deadline is missed: say so, and move the lead on."""
    Clock.objects.filter(pk=clock.pk).update(ended_at=now, outcome=Clock.Outcome.MISSED)
    if took(clock, Escalation.Step.BREACH, now):
        outcome = move_on(clock, now)
        escalated.send(Clock, clock=clock, step=Escalation.Step.BREACH, now=now, outcome=outcome)
        set_away_after_misses(clock.rep_id, now)


def took(clock: Clock, step: str, now: datetime) -> bool:
    """Whether this is the first time that the clock takes this step."""
    _, is_first = Escalation.objects.get_or_create(clock=clock, step=step, defaults={"acted_at": now})
    return is_first


def move_on(clock: Clock, now: datetime) -> Outcome | None:
    """To the next rep who has not had the lead; to the catch-all queue when it has moved often enough.

    The reason names no time of day: the decision knows its instant, which pages show in the reader's zone.
    """
    moves = Decision.objects.filter(lead=clock.lead_id, cause=Cause.BREACH).count()
    spent = moves >= clock.policy.max_reassignments
    limit = f", and it had moved on {moves} times, the most that “{clock.policy}” allows" if spent else ""
    order = Order(
        lead=clock.lead_id,
        cause=Cause.BREACH,
        reason=f"{clock.rep} did not answer in time{limit}"[:200],
        moves_from=clock.assignment_id,
        to_catch_all=spent,
    )
    outcomes = route_many([order], now)
    return outcomes[0] if outcomes else None


def put_off(clock_id: int, now: datetime) -> None:
    """Look again after 2, 4, 8 ... seconds, at most ten minutes."""
    clock = Clock.objects.filter(pk=clock_id, ended_at=None).first()
    if clock is not None:
        pause = min(timedelta(seconds=2 ** min(clock.failures + 1, 10)), LONGEST_PAUSE)
        Clock.objects.filter(pk=clock_id).update(wake_at=now + pause, failures=F("failures") + 1)
