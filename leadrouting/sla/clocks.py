"""The life of a clock: started with an assignment or a reply, met, missed, or cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Outcome
from leadrouting.sla.models import Clock, Pause
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.plan import BREACH, plan
from leadrouting.sla.settling import settle
from leadrouting.sla.terms import Terms, book
from leadrouting.teams.snapshot import People, people_now

Outcomes = Clock.Outcome
EQUAL = timedelta(milliseconds=1)
"""Ownership may begin some microseconds after the instant that caused it (see `routing.outcome`)."""
FROM_ASSIGNMENT = (Kind.ACCEPT, Kind.RESPOND)


def started(outcomes: Sequence[Outcome], people: People) -> list[Clock]:
    """Unsaved clocks for those outcomes that have an owner and a policy."""
    clocks: list[Clock] = []
    policies = book(people.stamp)
    for outcome in outcomes:
        rep = outcome.verdict.rep
        terms = policies.of(outcome.facts) if rep is not None and not outcome.order.quiet else None
        if rep is None or terms is None:
            continue
        clocks += [
            made(terms, kind, outcome.decision, outcome.lead, rep, outcome.starts_at, people)
            for kind in FROM_ASSIGNMENT
            if kind in terms.promises
        ]
    return clocks


def made(
    terms: Terms, kind: str, assignment: int, lead: int, rep: int, start: datetime, people: People
) -> Clock:
    calendar = book(people.stamp).calendar(terms.counts[kind], rep, people)
    moments = plan(terms.promises[kind], start, calendar)
    return Clock(
        assignment_id=assignment,
        lead_id=lead,
        rep_id=rep,
        policy_id=terms.policy,
        kind=kind,
        counts=terms.counts[kind],
        plan=[moment.stored() for moment in moments],
        started_at=start,
        due_at=next(moment.at for moment in moments if moment.key == BREACH),
        wake_at=moments[0].at,
    )


def accepted(assignment: Assignment, now: datetime) -> None:
    meet(Clock.objects.filter(assignment=assignment, kind=Kind.ACCEPT), now)


def answered(assignment: Assignment, now: datetime) -> None:
    """The owner has written to the prospect: whatever ran is met, and the follow-up runs anew from here. An answer that
    is reported late says nothing about clocks that began after it."""
    meet(Clock.objects.filter(assignment=assignment, started_at__lte=now + EQUAL), now)
    follow_up(assignment, now)


def attempts_count(assignment: Assignment) -> bool:
    terms = terms_of(assignment)
    return terms is not None and terms.attempts_count


def terms_of(assignment: Assignment) -> Terms | None:
    """Of the policy that fits what was known when the owner got the lead. One query."""
    return book(people_now().stamp).of(assignment.decision.facts)


def follow_up(assignment: Assignment, now: datetime) -> None:
    """Starts, if the policy asks for it, unless the lead is paused (then it starts when the pause ends) or an answer is
    owed to something newer."""
    terms = terms_of(assignment)
    if terms is None or Kind.FOLLOW_UP not in terms.promises:
        return
    owed = Clock.objects.filter(assignment=assignment, ended_at=None).exclude(kind=Kind.ACCEPT)
    if not owed.exists() and not Pause.objects.filter(lead=assignment.lead_id, ends_at=None).exists():
        held = (assignment.pk, assignment.lead_id, assignment.rep_id)
        made(terms, Kind.FOLLOW_UP, *held, now, people_now()).save(force_insert=True)


def owed_again(lead: int, now: datetime) -> None:
    """The prospect has written after the owner's answer, so the owner owes another one: the clock of the first
    response runs anew in place of the follow-up, or, where the policy promises none, the follow-up starts anew.

    A first answer that is still owed keeps its clock. Leads of long ago, which had no clock, get none.
    """
    assignment = (
        Assignment.objects.select_related("decision")
        .filter(lead=lead, ended_at=None, responded_at__isnull=False, lead__closed_at=None)
        .filter(Exists(Clock.objects.filter(assignment=OuterRef("pk"))))
        .exclude(Exists(Clock.objects.filter(lead=OuterRef("lead"), ended_at=None, kind=Kind.RESPOND)))
        .first()
    )
    terms = terms_of(assignment) if assignment else None
    kind = next((kind for kind in (Kind.RESPOND, Kind.FOLLOW_UP) if terms and kind in terms.promises), None)
    if assignment is None or terms is None or kind is None:
        return
    waiting = Clock.objects.filter(assignment=assignment, kind=Kind.FOLLOW_UP)
    give_up(waiting, now, "The prospect has written again.")
    held = (assignment.pk, lead, assignment.rep_id)
    made(terms, kind, *held, now, people_now()).save(force_insert=True)


def kept_after_all(assignment: Assignment, at: datetime) -> int:
    """The answer at `at` is known only now. 1. A first response that is still owed is given. 2. Deadlines that were
    taken for missed, or fell away, and were kept by it, are kept. What was done about them stays done; steps that are
    left are not taken. Returns how many had been taken for missed."""
    of_it = Clock.objects.filter(assignment=assignment)
    meet(of_it.filter(kind__in=FROM_ASSIGNMENT, started_at__lte=at + EQUAL, ended_at=None), at)
    met = Q(started_at__lte=at, due_at__gte=at) & ~Q(outcome=Outcomes.MET)
    wrong = of_it.filter(met, ended_at__isnull=False, ended_at__gte=at)
    missed = wrong.filter(outcome=Outcomes.MISSED).count()
    wrong.update(outcome=Outcomes.MET, ended_at=at, wake_at=None)
    return missed


def meet(clocks: QuerySet[Clock], now: datetime) -> None:
    """Met until the deadline, missed after it, met while paused; nothing more of their plans is done."""
    settle(clocks, now, "That has been done since.")
    in_time = Q(due_at__gte=now) | Q(wake_at=None)
    end(clocks, now, Case(When(in_time, then=Value(Outcomes.MET)), default=Value(Outcomes.MISSED)))


def end(clocks: QuerySet[Clock], now: datetime, outcome: Case) -> None:
    """Those that run end; those that are missed already, and had steps to take, take none."""
    clocks.filter(Q(ended_at=None) | Q(wake_at__isnull=False)).update(
        outcome=Case(When(ended_at=None, then=outcome), default=F("outcome")),
        ended_at=Coalesce("ended_at", Value(now)),
        wake_at=None,
    )


def cancel(
    assignments: Sequence[int],
    now: datetime,
    since: str = "",
    outcomes: Mapping[int, Outcome] | None = None,
) -> None:
    """Ownership ended before its clocks did. For `since` and `outcomes` see `settle`."""
    give_up(Clock.objects.filter(assignment__in=assignments), now, since, outcomes)
    Pause.objects.filter(assignment__in=assignments, ends_at=None).update(ends_at=now)


def give_up(
    clocks: QuerySet[Clock], now: datetime, since: str, outcomes: Mapping[int, Outcome] | None = None
) -> None:
    """A clock whose deadline has passed is missed, not cancelled; one that is paused cannot be missed."""
    settle(clocks, now, since, outcomes)
    missed = When(due_at__lt=now, wake_at__isnull=False, then=Value(Outcomes.MISSED))
    end(clocks, now, Case(missed, default=Value(Outcomes.CANCELLED)))


def cancel_of_leads(ended: Mapping[int, datetime]) -> None:
    """Of leads that were closed, each at its instant. One query where nothing runs."""
    running = Clock.objects.filter(Q(ended_at=None) | Q(wake_at__isnull=False), assignment=OuterRef("pk"))
    paused = Pause.objects.filter(assignment=OuterRef("pk"), ends_at=None)
    held = Assignment.objects.filter(Exists(running) | Exists(paused), lead__in=ended, ended_at=None)
    for assignment, lead in list(held.order_by("pk").values_list("pk", "lead")):
        cancel([assignment], ended[lead], since="The lead is closed now.")
