"""A pause takes its time out of every clock of the lead, in the time in which the clock counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.services import route
from leadrouting.businesstime import ALWAYS, BusinessCalendar
from leadrouting.leads.models import Activity, Lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation, Pause
from leadrouting.sla.pausing import pause, resume
from leadrouting.sla.plan import Promise, Rung, plan, shifted
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.teams.models import OfficeHours, OpeningWindow
from tests import world

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WEEK = BusinessCalendar(zone="Europe/Berlin", week={day: [("09:00", "17:00")] for day in range(5)})
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
PROMISE = Promise(4 * HOUR, (50, 80), (Rung("notify"), Rung("raise", HOUR)))
spans = st.timedeltas(timedelta(0), timedelta(days=9))


@given(spans, spans, spans, st.sampled_from([WEEK, ALWAYS]))
def test_a_pause_is_taken_out_of_the_clocks_own_time(begins, began, lasted, hours) -> None:
    start = MONDAY + begins
    paused_at, resumed_at = start + began, start + began + lasted
    before = plan(PROMISE, start, hours)
    after = shifted(before, paused_at, resumed_at, hours)
    assert [one.key for one in after] == [one.key for one in before]
    for old, new in zip(before, after, strict=True):
        if old.at <= paused_at:
            assert new == old
        else:
            assert hours.between(resumed_at, new.at) == hours.between(paused_at, old.at)
            assert new.at >= old.at
    assert [one.at for one in after] == sorted(one.at for one in after)
    assert shifted(before, paused_at, paused_at, ALWAYS) == before


@pytest.fixture
def lead(db: None) -> Lead:
    make("An hour", {"respond": HOUR}, hours="always", reminders=[50])
    world.live(world.pool(*world.reps(2)))
    made = world.lead(created_at=world.NOON)
    route(made.pk, now=world.NOON)
    made.refresh_from_db()
    return made


def the_clock(lead: Lead) -> Clock:
    return Clock.objects.get(lead=lead)


def test_nothing_happens_while_it_is_paused_and_the_rest_of_the_time_is_left(lead: Lead) -> None:
    by, at = lead.owner.user, world.NOON
    pause(lead_id=lead.pk, by=by, reason="Waits for documents", now=at + 20 * MINUTE)
    assert act_on_due_clocks(at + 5 * HOUR) == 0
    resume(lead_id=lead.pk, by=by, now=at + 5 * HOUR)
    clock = the_clock(lead)
    assert clock.due_at == at + 5 * HOUR + 40 * MINUTE
    assert clock.wake_at == at + 5 * HOUR + 10 * MINUTE  # the reminder at half of the time
    act_on_due_clocks(clock.due_at)
    assert the_clock_missed(lead)
    assert Escalation.objects.filter(clock=clock, step="breach").count() == 1


def the_clock_missed(lead: Lead) -> bool:
    return Clock.objects.filter(lead=lead, outcome="missed").count() == 1


def test_an_answer_while_it_is_paused_is_in_time(lead: Lead) -> None:
    by = lead.owner.user
    pause(lead_id=lead.pk, by=by, reason="Asked to call later", now=world.NOON + MINUTE)
    ownership.respond(lead_id=lead.pk, by=by, now=world.NOON + 9 * HOUR)
    assert the_clock(lead).outcome == "met"


def test_a_missed_deadline_stays_missed(lead: Lead) -> None:
    by = lead.owner.user
    pause(lead_id=lead.pk, by=by, reason="Too late", now=world.NOON + 2 * HOUR)
    act_on_due_clocks(world.NOON + 2 * HOUR)
    assert the_clock_missed(lead)
    assert Pause.objects.get().ends_at is not None, "The lead has moved, and its new owner's clock runs."
    lead.refresh_from_db()
    assert lead.owner is not None and lead.owner.user != by


def test_the_prospect_writes_and_it_goes_on(lead: Lead) -> None:
    pause(lead_id=lead.pk, by=lead.owner.user, reason="Waits for their answer", now=world.NOON)
    Activity.objects.create(lead=lead, kind=Activity.Kind.ENQUIRY, at=world.NOON + HOUR, text="Here I am")
    assert Pause.objects.get().ends_at == world.NOON + HOUR
    assert the_clock(lead).due_at == world.NOON + 2 * HOUR


def test_who_may_and_what_is_refused(lead: Lead) -> None:
    by, now = lead.owner.user, world.NOON
    with pytest.raises(NotYours):
        pause(lead_id=lead.pk, by=world.user(), reason="x", now=now)
    with pytest.raises(Refused, match="what you wait for"):
        pause(lead_id=lead.pk, by=by, reason=" ", now=now)
    with pytest.raises(Refused, match="not paused"):
        resume(lead_id=lead.pk, by=by, now=now)
    pause(lead_id=lead.pk, by=lead.owner.team.manager, reason="On holiday", now=now)
    with pytest.raises(Refused, match="paused already"):
        pause(lead_id=lead.pk, by=by, reason="x", now=now)
    ownership.close(lead_id=lead.pk, by=by, outcome="lost", now=now + HOUR)
    assert Pause.objects.get().ends_at == now + HOUR
    with pytest.raises(Refused, match="closed already"):
        resume(lead_id=lead.pk, by=by, now=now + HOUR)


def test_over_closing_time(db: None) -> None:
    """From nine to five: an hour's promise, paused at 16:40 of Friday until Monday at noon."""
    office = OfficeHours.objects.create(name="Nine to five", time_zone="UTC")
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=office, weekday=weekday, opens="09:00", closes="17:00")
    make("An hour", {"respond": HOUR, "follow_up": 8 * HOUR})
    rep = world.rep(office_hours=office)
    world.live(rep)
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    lead = world.lead(created_at=friday)
    route(lead.pk, now=friday)
    assert the_clock(lead).due_at == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    pause(lead_id=lead.pk, by=rep.user, reason="Call on Monday", now=friday + 10 * MINUTE)
    noon = datetime(2026, 3, 9, 12, tzinfo=UTC)
    resume(lead_id=lead.pk, by=rep.user, now=noon)
    assert the_clock(lead).due_at == noon + 50 * MINUTE
    pause(lead_id=lead.pk, by=rep.user, reason="Once more", now=noon)
    ownership.respond(lead_id=lead.pk, by=rep.user, now=noon + HOUR)
    resume(lead_id=lead.pk, by=rep.user, now=noon + 2 * HOUR)
    follow_up = Clock.objects.get(lead=lead, kind="follow_up")
    assert (follow_up.started_at, follow_up.due_at) == (
        noon + 2 * HOUR,
        datetime(2026, 3, 10, 14, tzinfo=UTC),
    )
