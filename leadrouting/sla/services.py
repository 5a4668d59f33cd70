"""What clocks do when their time comes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Subquery
from django.db.models.functions import Coalesce

from leadrouting.assignments.models import Assignment, Decision
from leadrouting.assignments.orders import CHOSEN, Cause, Order, Outcome
from leadrouting.assignments.routing import NO_RULES, route_many
from leadrouting.leads.models import Activity, Lead
from leadrouting.sla.misses import set_away_after_misses
from leadrouting.sla.models import Clock, Escalation, Rung
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.plan import BREACH, REMINDER, Moment, at
from leadrouting.sla.signals import escalated
from leadrouting.teams.snapshot import people_now

logger = logging.getLogger(__name__)

STAYS = "No rules are live, so nobody else could get it: it stays with {} until rules are live."
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_PAUSE = timedelta(minutes=10)
FAILED = {
    Kind.ACCEPT: "did not accept in time",
    Kind.RESPOND: "did not answer in time",
    Kind.FOLLOW_UP: "did not follow up in time",
}


def act_on_due_clocks(now: datetime, limit: int = 100) -> int:
    """Act on clocks whose time has come, most overdue first, each in a transaction of its own.

    A clock that fails is put off with growing pauses and holds up nobody. Returns how many were due.
    """
    due = list(
        Clock.objects.filter(wake_at__lte=now).order_by("wake_at", "id").values_list("id", "lead_id")[:limit]
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
        .select_related("policy", "lead", "rep__user", "rep__team__manager")
        .filter(pk=clock_id, wake_at__lte=now)
        .first()
    )
    if clock is None:
        return
    moments = [Moment.read(one) for one in clock.plan]
    take(clock, [one for one in moments if one.at <= now], [one for one in moments if one.at > now], now)


def take(clock: Clock, due: Sequence[Moment], later: Sequence[Moment], now: datetime) -> None:
    """Do what is due, in order, until the lead has moved; sleep until the next is.

    Of reminders that are late the last is enough, and none is sent once the deadline is missed. A move that cannot be
    made now, because no rules are live, is tried again each minute; the other steps are taken in their time.
    """
    steps: list[str] = []
    again: list[Moment] = []
    outcome: Outcome | None = None
    sleep(clock, later)
    for moment in current(due):
        if outcome is not None:
            break
        is_first = took(clock, moment.key, now)
        if is_first:
            steps.append(moment.do)
        if moment.do == BREACH and is_first:
            Clock.objects.filter(pk=clock.pk).update(ended_at=now, outcome=Clock.Outcome.MISSED)
        elif is_move(moment.do) and (is_first or has_stayed(clock, moment.key)):
            outcome = move_on(clock, moment.do, now)
            if outcome is None:
                again.append(replace(moment, at=now + NO_RULES))
    if again and outcome is None:
        stays(clock, again, later)
    if steps:
        since = STAYS.format(clock.rep) if again and outcome is None else ""
        escalated.send(
            Clock, clock=clock, steps=steps, now=now, outcome=outcome, since=since, stays=bool(since)
        )
    if BREACH in steps and clock.kind == Kind.RESPOND:
        set_away_after_misses(clock.rep_id, now)


def has_stayed(clock: Clock, step: str) -> bool:
    return Escalation.objects.filter(clock=clock, step=step, stayed=True).exists()


def stays(clock: Clock, again: Sequence[Moment], later: Sequence[Moment]) -> None:
    """Their moves came to nothing: that is written down, and they are tried again."""
    Escalation.objects.filter(clock=clock, step__in=[one.key for one in again]).update(stayed=True)
    sleep(clock, sorted([*again, *later], key=at))


def is_move(do: str) -> bool:
    return do in (Rung.Do.BACKUP, Rung.Do.NEXT) or do.startswith(Rung.Do.QUEUE)


def current(due: Sequence[Moment]) -> list[Moment]:
    steps = [moment for moment in due if moment.do != REMINDER]
    return steps or list(due[-1:])


def sleep(clock: Clock, later: Sequence[Moment]) -> None:
    wake_at = later[0].at if later else None
    Clock.objects.filter(pk=clock.pk).update(
        plan=[moment.stored() for moment in later], wake_at=wake_at, failures=0
    )


def took(clock: Clock, step: str, now: datetime) -> bool:
    """Whether this is the first time that the clock takes this step."""
    _, is_first = Escalation.objects.get_or_create(clock=clock, step=step, defaults={"acted_at": now})
    return is_first


def move_on(clock: Clock, do: str, now: datetime) -> Outcome | None:
    """To the owner's backup, to the next rep who has not had the lead, or to a queue; when it has moved often
    enough, to the queue where the policy lets it end.

    The reason names no time of day: the decision knows its instant, which pages show in the reader's zone.
    """
    moves = moves_of(clock.lead_id)
    spent = moves >= clock.policy.max_reassignments
    limit = f", and it had moved on {moves} times, the most that “{clock.policy}” allows" if spent else ""
    order = Order(
        lead=clock.lead_id,
        cause=Cause.BREACH,
        reason=f"{clock.rep} {FAILED[Kind(clock.kind)]}{limit}"[:200],
        moves_from=clock.assignment_id,
    )
    if do.startswith(Rung.Do.QUEUE):
        return ordered(replace(order, to_queue=int(do.partition(":")[2])), now)
    if spent:
        queue = clock.policy.ends_in_id
        return ordered(replace(order, to_queue=queue, to_catch_all=queue is None), now)
    backup = people_now().reps[clock.rep_id].backup_at(now) if do == Rung.Do.BACKUP else None
    moved = ordered(replace(order, to=backup, if_taken=True), now) if backup is not None else None
    return moved or ordered(order, now)


def moves_of(lead: int) -> int:
    """By missed deadlines, since it began anew: reopened, given to somebody or taken by hand, or asked for again."""
    reopened = Assignment.objects.filter(lead=lead, end=Assignment.End.CLOSED).order_by("-ended_at")
    chosen = Decision.objects.filter(lead=lead, cause__in=CHOSEN).order_by("-pk")
    asked = Activity.objects.filter(lead=lead, kind=Activity.Kind.ENQUIRY).order_by("-at")
    moved = Decision.objects.filter(lead=lead, cause=Cause.BREACH)
    for since in (reopened, chosen):
        moved = moved.exclude(pk__lte=Coalesce(Subquery(since.values("pk")[:1]), 0))
    return moved.exclude(decided_at__lt=Coalesce(Subquery(asked.values("at")[:1]), BEGINNING)).count()


def ordered(order: Order, now: datetime) -> Outcome | None:
    outcomes = route_many([order], now)
    return outcomes[0] if outcomes else None


def put_off(clock_id: int, now: datetime) -> None:
    """Look again after 2, 4, 8 ... seconds, at most ten minutes."""
    clock = Clock.objects.filter(pk=clock_id, wake_at__isnull=False).first()
    if clock is not None:
        pause = min(timedelta(seconds=2 ** min(clock.failures + 1, 10)), LONGEST_PAUSE)
        Clock.objects.filter(pk=clock_id).update(wake_at=now + pause, failures=F("failures") + 1)
