"""A lead whose owner waits for the prospect is paused: its clocks stand still, and the time does not count."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.ownership import locked, may_manage
from leadrouting.leads.models import Activity, Lead
from leadrouting.sla.clocks import attempts_count, follow_up
from leadrouting.sla.models import Clock, Pause
from leadrouting.sla.plan import BREACH, Moment, shifted
from leadrouting.sla.terms import book
from leadrouting.teams.models import User
from leadrouting.teams.snapshot import people_now

Kind = Activity.Kind
WORDS = [Kind.RESPONSE, Kind.CALL, Kind.EMAIL, Kind.MESSAGE, Kind.MEETING]


@transaction.atomic
def pause(*, lead_id: int, by: User, reason: str, now: datetime) -> Pause:
    """Clocks whose deadline is still to come stand still from `now` (UTC) on. What is missed stays missed, and its
    ladder goes on. Raises Refused with what to do, NotYours."""
    assignment = held(lead_id, by)
    if not reason.strip():
        raise Refused("Say what you wait for: the reason is kept with the lead.")
    if open_pause(lead_id) is not None:
        raise Refused("This lead is paused already. Resume it first.")
    running(assignment).filter(due_at__gt=now).update(wake_at=None)
    made = Pause.objects.create(
        lead_id=lead_id, assignment=assignment, begins_at=now, reason=reason.strip()[:200], by=by
    )
    touched(lead_id, now)
    return made


@transaction.atomic
def resume(*, lead_id: int, by: User, now: datetime) -> Pause:
    """The clocks go on with as much time as they had. Raises Refused, NotYours."""
    assignment, waited = held(lead_id, by), open_pause(lead_id)
    if waited is None:
        raise Refused("This lead is not paused: its clocks run.")
    go_on(assignment, waited, now)
    return waited


@transaction.atomic
def resume_for_news(lead_id: int, now: datetime) -> bool:
    """The prospect has written again: a pause ends by itself. Whether there was one."""
    lead = Lead.objects.select_for_update(no_key=True).get(pk=lead_id)
    waited = open_pause(lead_id)
    if waited is None:
        return False
    go_on(Assignment.objects.select_related("decision").get(lead=lead, ended_at=None), waited, now)
    return True


def go_on(assignment: Assignment, waited: Pause, now: datetime) -> None:
    """1. End the pause. 2. Each clock that stands still is as much of its own time away from its end as it was.
    3. An answer given meanwhile starts the follow-up now."""
    waited.ends_at = max(now, waited.begins_at)
    waited.save(update_fields=["ends_at"])
    start_again(running(assignment).filter(wake_at=None), waited.begins_at, waited.ends_at)
    if (
        answered_since(assignment, waited.begins_at)
        and not running(assignment).exclude(kind="accept").exists()
    ):
        follow_up(assignment, waited.ends_at)
    touched(assignment.lead_id, now)


def start_again(stopped: QuerySet[Clock], since: datetime, now: datetime) -> None:
    """They stood still meanwhile, in their own time."""
    people = people_now()
    terms = book(people.stamp)
    for clock in stopped:
        hours = terms.calendar(clock.counts, clock.rep_id, people)
        moments = shifted(map(Moment.read, clock.plan), since, now, hours)
        clock.plan = [moment.stored() for moment in moments]
        clock.due_at = next(moment.at for moment in moments if moment.key == BREACH)
        clock.wake_at = min(moment.at for moment in moments)
        clock.save(update_fields=["plan", "due_at", "wake_at"])


def go_on_again(lead: Lead, since: datetime, now: datetime, *, ran_on: bool) -> None:
    """A lead that was closed at `since` and is open again: its clocks go on, or stand still if it was paused.

    `ran_on`: the time in between counts.
    """
    assignment = Assignment.objects.filter(lead=lead, ended_at=None).first()
    if assignment is None:
        return
    paused = Pause.objects.filter(assignment=assignment, ends_at=since).update(ends_at=None)
    ended = Clock.objects.filter(assignment=assignment, ended_at=since, outcome=Clock.Outcome.CANCELLED)
    kept = list(ended.values_list("pk", flat=True))
    ended.update(ended_at=None, outcome="")
    if not paused:
        start_again(Clock.objects.filter(pk__in=kept), now if ran_on else since, now)


def answered_since(assignment: Assignment, at: datetime) -> bool:
    """Whether the owner has written to the prospect since then: a follow-up that was missed before runs no second
    time."""
    words = [*WORDS, Kind.ATTEMPT] if attempts_count(assignment) else WORDS
    given = Activity.objects.filter(lead=assignment.lead_id, actor=assignment.rep_id, kind__in=words)
    return given.filter(at__gte=at).exists()


def held(lead_id: int, by: User) -> Assignment:
    """The open assignment of the lead, which is locked; refused to who may not act for its owner."""
    lead = locked(lead_id)
    if lead.owner_id is None:
        raise Refused("Nobody owns this lead yet, so no clock runs.")
    if lead.owner_id != by.pk and not may_manage(lead, by):
        raise NotYours("Only the owner, the team's manager or sales ops can pause and resume a lead.")
    return Assignment.objects.select_related("decision").get(lead=lead, ended_at=None)


def running(assignment: Assignment) -> QuerySet[Clock]:
    return Clock.objects.filter(assignment=assignment, ended_at=None)


def open_pause(lead_id: int) -> Pause | None:
    return Pause.objects.select_related("by").filter(lead=lead_id, ends_at=None).first()


def touched(lead_id: int, now: datetime) -> None:
    """Live pages look at when the lead was changed last."""
    Lead.objects.filter(pk=lead_id).update(updated_at=now)
