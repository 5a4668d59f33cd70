"""Reps take the next lead of a queue, the most urgent first, then the oldest. They do not choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.routing import route_many
from leadrouting.engine.roster import Why
from leadrouting.engine.verdict import Verdict
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.teams.models import Queue, Rep, User

REMEMBERED = timedelta(hours=1)
"""How long a second click is known for one."""
FINISH = "Answer, close or pass on one that you have first."
WHY: dict[str, str] = {
    Why.INACTIVE: "You are switched off, so you get no leads. Ask sales ops to switch you on.",
    Why.AWAY: "You are set to away. Say that you are available, then take the next lead.",
    Why.BUSY: "You are set to busy. Say that you are available, then take the next lead.",
    Why.ABSENT: "You are out of office. Take that back in the calendar, then take the next lead.",
    Why.AT_OPEN_CAP: f"You have as many open leads as you may. {FINISH}",
    Why.AT_HOUR_CAP: "You have had as many leads in this hour as you may. Try again when the next hour begins.",
    Why.AT_DAY_CAP: "You have had as many leads today as you may. Try again tomorrow.",
    Why.AT_WEEK_CAP: "You have had as many leads this week as you may. Try again next week.",
    Why.TEAM_FULL: "Your team has as many leads as it may. Ask your manager.",
}


class SecondClick(Refused):
    """The person has taken a lead since the page was made. `lead` is that one's key."""

    def __init__(self, lead: int) -> None:
        super().__init__("You have just taken this lead. Look at it first; then take the next one.")
        self.lead = lead


@dataclass(frozen=True, slots=True)
class Line:
    """What waits in a queue for somebody who may take from it. `oldest_at` is since when the first came (UTC)."""

    queue: Queue
    waiting: int
    oldest_at: datetime | None


def open_to(by: User) -> QuerySet[Queue]:
    """The queues that this person may take from: those open to the rep's team, their own, sales ops' all.

    Who is no rep owns no leads and takes none.
    """
    if by.is_ops:
        return Queue.objects.filter(Exists(Rep.objects.filter(pk=by.pk, is_active=True)))
    theirs = Q(owner=by) | Q(teams__manager=by) | Q(teams__reps=by.pk)
    return Queue.objects.filter(theirs, Exists(Rep.objects.filter(pk=by.pk, is_active=True))).distinct()


def lines(by: User) -> list[Line]:
    """One query, by name."""
    waits = Q(leads__status=Status.QUEUED) & ~Q(leads__pk__in=declined(by).values("lead"))
    keys = open_to(by).values("pk")
    counted = Queue.objects.filter(pk__in=keys).annotate(
        waiting=Count("leads", filter=waits), oldest_at=Min("leads__queued_at", filter=waits)
    )
    return [Line(queue, queue.waiting, queue.oldest_at) for queue in counted.order_by("name", "pk")]


def declined(by: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(rep=by.pk, end=Assignment.End.DECLINED)


def line(queue_id: int, by: User) -> LeadQuerySet:
    """Who is next. A lead that the rep has passed on waits for somebody else."""
    passed_on = Exists(declined(by).filter(lead=OuterRef("pk")))
    return Lead.objects.filter(~passed_on, queue=queue_id, status=Status.QUEUED).in_turn()


def latest_take(by: User, now: datetime) -> Assignment | None:
    """The rep's latest take of the last hour; its key tells a later one from it."""
    taken = Assignment.objects.filter(rep=by.pk, started_at__gt=now - REMEMBERED, decision__cause=Cause.TAKE)
    return taken.order_by("-decision_id").first()


@transaction.atomic
def take_next(*, queue_id: int, by: User, now: datetime, after: int | None = None) -> Outcome:
    """The next lead of the queue goes to who asks, who may be outside office hours. Of many at once each gets
    another lead.

    `after` is the key of the `latest_take` that the person saw, 0 for none: one that is newer makes this a second
    click. Raises Refused with what to do, SecondClick, NotYours.
    """
    queue = allowed(queue_id, by)
    one_at_a_time(by)
    if after is not None and (latest := latest_take(by, now)) is not None and latest.pk > after:
        raise SecondClick(latest.lead_id)
    free = line(queue.pk, by).select_for_update(no_key=True, skip_locked=True, of=("self",))
    lead = free.values_list("pk", flat=True).first()
    if lead is None:
        raise Refused(f"Nothing waits in {queue} for you now. Look again later.")
    order = Order(lead, Cause.TAKE, by.pk, queue.name, to=by.pk, if_unowned=True)
    outcome = next(iter(route_many([order], now)), None)
    if outcome is None:
        raise Refused("No rules are live, so no lead can be given to anybody. Tell sales ops.")
    if outcome.verdict.rep is None:
        raise Refused(why_not(outcome.verdict))
    return outcome


def allowed(queue_id: int, by: User) -> Queue:
    queue = open_to(by).filter(pk=queue_id).first()
    if queue is not None:
        return queue
    if not Rep.objects.filter(pk=by.pk, is_active=True).exists():
        raise NotYours("Only reps who are switched on can take leads.")
    raise NotYours("This queue is not open to your team. Sales ops can open it.")


def one_at_a_time(by: User) -> None:
    """Until the transaction ends, another take by the same rep waits here, and sees this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('take', %s))", [by.pk])


def why_not(verdict: Verdict) -> str:
    reasons = [why for tried in verdict.tried for why in tried.reasons]
    return next((WHY[why] for why in reasons if why in WHY), "You cannot take a lead now. Tell sales ops.")
