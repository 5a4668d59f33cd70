"""A telephone system says what the owner did: in time, late, out of order, about somebody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.reporting import Told, report
from leadrouting.leads.models import Activity, Lead
from leadrouting.sla import pausing
from leadrouting.sla.making import make
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.teams.models import Rep, User
from tests import world
from tests.journeys.test_deadlines import arrives, clock, fresh, steps

pytestmark = pytest.mark.django_db
NOON, HOUR, MINUTE, SECOND = world.NOON, timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DUE = NOON + HOUR


@pytest.fixture
def system() -> User:
    return world.user("Telephone", role=User.Role.SERVICE)


@pytest.fixture
def pair() -> tuple[Rep, Rep]:
    """A lead goes to one of two; after a missed hour to the other."""
    one, other = world.reps(2)
    world.live(world.pool(one, other))
    make("An hour", {"respond": HOUR}, hours="always")
    return one, other


def tell(system: User, lead: Lead, rep: Rep, at: datetime, now: datetime | None = None, **said: Any) -> Told:
    return report(sender=system, lead_id=lead.pk, rep=rep, at=at, now=now or at, **said)


@pytest.mark.parametrize(("late", "outcome"), [(-SECOND, "met"), (timedelta(), "met"), (SECOND, "missed")])
def test_a_second_before_at_and_after_the_deadline(system, pair, late, outcome):
    lead = arrives()
    told = tell(system, lead, lead.owner, DUE + late, text="Two minutes")
    assert told.counts and clock(lead).outcome == outcome
    held = Assignment.objects.get(lead=lead)
    assert held.responded_at == DUE + late and fresh(lead).status == "contacted"
    said = Activity.objects.get()
    assert (said.actor, said.reported_by, said.text) == (lead.owner.user, system, "Two minutes")


@pytest.mark.parametrize("late", [-SECOND, timedelta()])
def test_what_was_in_time_and_is_told_late_was_in_time(system, late):
    """The sweep has told owner and manager by then; the steps that are left are not taken."""
    (rep,) = world.reps(1)
    world.live(rep)
    make("An hour", {"respond": HOUR}, hours="always", ladder=["notify", ("raise", HOUR)])
    lead = arrives()
    act_on_due_clocks(DUE + SECOND)
    assert clock(lead).outcome == "missed"
    told = tell(system, lead, rep, DUE + late, now=DUE + MINUTE)
    assert told.counts and "kept after all" in told.note
    assert clock(lead).outcome == "met" and clock(lead).ended_at == DUE + late
    before = steps(lead)
    act_on_due_clocks(DUE + 2 * HOUR)
    assert steps(lead) == before and not any("raise" in step for step in before)


def test_what_was_too_late_and_is_told_late_stays_missed(system, pair):
    lead = arrives()
    first = lead.owner
    act_on_due_clocks(clock(lead).due_at)
    late = Assignment.objects.get(lead=lead, rep=first).ended_at
    told = tell(system, lead, first, late, now=late + MINUTE)
    assert not told.counts  # the lead had moved on by that second
    assert clock(lead).rep_id != first.pk and clock(lead).ended_at is None
    assert lead.clocks.get(rep=first).outcome == "missed"


def test_the_lead_has_moved_on_and_the_first_owner_was_in_time(system, pair):
    lead = arrives()
    first = lead.owner
    act_on_due_clocks(DUE)
    second = fresh(lead).owner
    assert second != first
    told = tell(system, lead, first, DUE - SECOND, now=DUE + MINUTE)
    assert told.counts and "moved on since" in told.note and "kept after all" in told.note
    assert fresh(lead).owner == second and fresh(lead).status == "assigned"
    assert lead.clocks.get(rep=first).outcome == "met"
    assert lead.clocks.get(rep=second).ended_at is None
    assert Assignment.objects.get(lead=lead, rep=first).responded_at == DUE - SECOND
    assert Assignment.objects.get(lead=lead, rep=second).responded_at is None


def test_who_never_owned_it_is_in_the_timeline_and_counts_for_nothing(system, pair):
    lead = arrives()
    other = next(rep for rep in pair if rep != lead.owner)
    told = tell(system, lead, other, NOON + MINUTE)
    assert not told.counts and "did not own the lead then" in told.note
    assert clock(lead).ended_at is None and Activity.objects.count() == 1


def test_told_twice_it_is_kept_once(system, pair):
    lead = arrives()
    first = tell(system, lead, lead.owner, NOON + MINUTE, external_id="call-1")
    again = tell(system, lead, lead.owner, NOON + 2 * HOUR, external_id="call-1", text="Something else")
    assert (first.is_new, again.is_new, again.activity) == (True, False, first.activity)
    assert (again.counts, again.note) == (first.counts, first.note)
    assert Activity.objects.count() == 1 and clock(lead).ended_at == NOON + MINUTE
    elsewhere = report(
        sender=world.user(role="ops"), lead_id=lead.pk, rep=lead.owner, now=NOON + HOUR, external_id="call-1"
    )
    assert elsewhere.is_new


def test_an_attempt_counts_only_where_the_policy_says_so(system, pair):
    lead = arrives()
    told = tell(system, lead, lead.owner, NOON + MINUTE, kind="attempt")
    assert not told.counts and "does not count" in told.note and clock(lead).ended_at is None


def test_paused_it_is_in_time(system, pair):
    lead = arrives()
    pausing.pause(lead_id=lead.pk, by=lead.owner.user, reason="On holiday", now=NOON + MINUTE)
    assert tell(system, lead, lead.owner, NOON + 5 * HOUR).counts
    assert clock(lead).outcome == "met"


def test_the_follow_up_runs_from_the_call_and_an_older_one_changes_nothing(system):
    (rep,) = world.reps(1)
    world.live(rep)
    make("Both", {"respond": HOUR, "follow_up": 24 * HOUR}, hours="always")
    lead = arrives()
    tell(system, lead, rep, NOON + 30 * MINUTE, now=NOON + 50 * MINUTE)
    assert clock(lead, "follow_up").due_at == NOON + 30 * MINUTE + 24 * HOUR
    tell(system, lead, rep, NOON + 10 * MINUTE, now=NOON + 55 * MINUTE)
    assert clock(lead, "follow_up").due_at == NOON + 30 * MINUTE + 24 * HOUR
    assert Assignment.objects.get(lead=lead).responded_at == NOON + 10 * MINUTE
    assert lead.clocks.filter(ended_at=None).count() == 1


def test_a_call_before_the_prospect_wrote_again_does_not_answer_that(system):
    (rep,) = world.reps(1)
    world.live(rep)
    make("Both", {"respond": HOUR, "follow_up": 24 * HOUR}, hours="always")
    lead = arrives()
    tell(system, lead, rep, NOON + 5 * MINUTE)
    Activity.objects.create(lead=lead, kind="enquiry", at=NOON + 30 * MINUTE)
    owed = clock(lead)
    if owed.started_at < NOON + 30 * MINUTE:
        pytest.fail("A new enquiry is owed an answer.")
    tell(system, lead, rep, NOON + 20 * MINUTE, now=NOON + 40 * MINUTE)
    owed.refresh_from_db()
    assert owed.ended_at is None
    assert tell(system, lead, rep, NOON + 45 * MINUTE).counts
    owed.refresh_from_db()
    assert owed.outcome == "met"


def test_a_closed_lead_keeps_its_stage(system, pair):
    lead = arrives()
    ownership.close(lead_id=lead.pk, by=lead.owner.user, outcome="lost", now=NOON + 10 * MINUTE)
    told = tell(system, lead, lead.owner, NOON + 5 * MINUTE, now=NOON + HOUR)
    assert told.counts and "closed" in told.note and fresh(lead).status == "lost"
    assert clock(lead).outcome == "met"


def test_refusals(system, pair):
    lead = arrives()
    with pytest.raises(Refused, match="lies in the future"):
        tell(system, lead, lead.owner, NOON + HOUR, now=NOON)
    assert tell(system, lead, lead.owner, NOON + MINUTE, now=NOON).activity.at == NOON
    with pytest.raises(Refused, match="The lead came in at"):
        tell(system, lead, lead.owner, NOON - SECOND, now=NOON)
    with pytest.raises(Refused, match="nothing that is done"):
        tell(system, lead, lead.owner, NOON, kind="note")
    with pytest.raises(NotYours):
        tell(lead.owner.user, lead, lead.owner, NOON)


@pytest.mark.django_db(transaction=True)
def test_the_same_call_told_ten_times_at_once(system, pair):
    lead = arrives()

    def one(_: int) -> tuple[bool, int]:
        try:
            told = tell(system, lead, lead.owner, NOON + MINUTE, external_id="call-1")
            return told.is_new, told.activity.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(one, range(10)))
    assert sorted(new for new, _ in answers) == [False] * 9 + [True]
    assert len({pk for _, pk in answers}) == 1 and Activity.objects.count() == 1


def test_an_attempt_since_does_not_hide_the_answer(system, pair):
    lead = arrives()
    ownership.respond(lead_id=lead.pk, by=lead.owner.user, kind="attempt", now=NOON + 5 * MINUTE)
    assert tell(system, lead, lead.owner, NOON + 4 * MINUTE, now=NOON + 6 * MINUTE).counts
    assert (clock(lead).outcome, clock(lead).ended_at) == ("met", NOON + 4 * MINUTE)


def test_a_first_answer_that_is_told_after_a_later_one_ends_what_is_owed(system, pair):
    """The later one came from a system that was told apart as somebody else's, and counted for nothing."""
    lead = arrives()
    Activity.objects.create(lead=lead, kind="note", actor=lead.owner.user, at=NOON + 5 * MINUTE)
    Activity.objects.create(lead=lead, kind="call", actor=lead.owner.user, at=NOON + 5 * MINUTE)
    assert tell(system, lead, lead.owner, NOON + 4 * MINUTE, now=NOON + 6 * MINUTE).counts
    assert clock(lead).outcome == "met"


def test_a_call_after_the_end_counts_for_nothing(system, pair):
    lead = arrives()
    ownership.close(lead_id=lead.pk, by=lead.owner.user, outcome="lost", now=NOON + 10 * MINUTE)
    told = tell(system, lead, lead.owner, NOON + 11 * MINUTE)
    assert not told.counts and "closed by then" in told.note
    assert Assignment.objects.get(lead=lead).responded_at is None
