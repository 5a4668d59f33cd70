"""Open clocks follow what has changed when sales ops say so, and not before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from leadrouting.assignments import ownership
from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation, Policy, Recount, Target
from leadrouting.sla.pausing import pause, resume
from leadrouting.sla.recomputing import Outdated, apply, preview, sight
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.teams.models import OfficeHours, OpeningWindow, User
from tests import world

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def policy() -> Policy:
    return make("An hour", {"respond": HOUR}, hours="always", reminders=[50])


@pytest.fixture
def lead(policy: Policy) -> Lead:
    world.live(world.pool(*world.reps(3)))
    return arrived()


def arrived() -> Lead:
    made = world.lead(created_at=world.NOON)
    route(made.pk, now=world.NOON)
    made.refresh_from_db()
    return made


def shorten(policy: Policy, within: timedelta) -> None:
    Target.objects.filter(policy=policy).update(within=within)


def followed(now=world.NOON) -> int:
    ops = world.user(role=User.Role.OPS)
    return apply(by=ops, seen=sight(preview()), now=now)


def test_nothing_changes_by_itself_and_nothing_twice(policy: Policy, lead: Lead) -> None:
    assert preview() == []
    shorten(policy, 20 * MINUTE)
    assert Clock.objects.get().due_at == world.NOON + HOUR
    (change,) = preview()
    assert (change.clock.due_at, change.due_at) == (world.NOON + HOUR, world.NOON + 20 * MINUTE)
    assert followed() == 1
    clock = Clock.objects.get()
    assert (clock.due_at, clock.wake_at) == (world.NOON + 20 * MINUTE, world.NOON + 10 * MINUTE)
    assert preview() == []
    said = Recount.objects.get()
    assert (said.was_due, said.due_at) == (world.NOON + HOUR, world.NOON + 20 * MINUTE)
    act_on_due_clocks(world.NOON + 20 * MINUTE)
    assert Clock.objects.get(pk=clock.pk).outcome == "missed"


def test_what_was_done_is_not_done_again(policy: Policy, lead: Lead) -> None:
    act_on_due_clocks(world.NOON + 31 * MINUTE)
    shorten(policy, 50 * MINUTE)
    assert followed(world.NOON + 32 * MINUTE) == 1
    act_on_due_clocks(world.NOON + 33 * MINUTE)
    assert list(Escalation.objects.values_list("step", flat=True)) == ["reminder 50"]
    assert Clock.objects.get().wake_at == world.NOON + 50 * MINUTE


def test_overdue_at_once(policy: Policy, lead: Lead) -> None:
    shorten(policy, 5 * MINUTE)
    now = world.NOON + 30 * MINUTE
    followed(now)
    act_on_due_clocks(now)
    assert set(Escalation.objects.values_list("step", flat=True)) == {"breach", "notify 1", "next 2"}


def test_no_policy_any_more(policy: Policy, lead: Lead) -> None:
    policy.is_active = False
    policy.save()
    (change,) = preview()
    assert change.due_at is None
    followed()
    assert Clock.objects.get().outcome == "cancelled"


def test_a_holiday_and_paused_time(lead: Lead) -> None:
    Policy.objects.all().update(is_active=False)
    office = OfficeHours.objects.create(name="Nine to five", time_zone="UTC")
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=office, weekday=weekday, opens="09:00", closes="17:00")
    slow = make("A day", {"respond": 8 * HOUR}, hours="owner")
    rep = world.rep(office_hours=office)
    world.live(rep)
    arrived()
    clock = Clock.objects.get(policy=slow)
    assert clock.due_at == world.NOON + 24 * HOUR  # Thursday at noon
    pause(lead_id=clock.lead_id, by=rep.user, reason="Waits", now=world.NOON + HOUR)
    office.holidays.create(day=date(2026, 3, 5), name="Closed")
    followed()
    clock.refresh_from_db()
    assert (clock.due_at, clock.wake_at) == (world.NOON + 48 * HOUR, None)
    resume(lead_id=clock.lead_id, by=rep.user, now=world.NOON + 3 * HOUR)
    clock.refresh_from_db()
    assert clock.due_at == world.NOON + 50 * HOUR
    assert preview() == [], "The pause is known."


def test_outdated(policy: Policy, lead: Lead) -> None:
    shorten(policy, 20 * MINUTE)
    seen = sight(preview())
    ownership.respond(lead_id=lead.pk, by=lead.owner.user, now=world.NOON + MINUTE)
    with pytest.raises(Outdated):
        apply(by=world.user(), seen=seen, now=world.NOON + MINUTE)


def test_the_same_queries_for_many(policy: Policy, lead: Lead, django_assert_max_num_queries) -> None:
    for _ in range(6):
        arrived()
    shorten(policy, 20 * MINUTE)
    preview()
    with django_assert_max_num_queries(4):
        assert len(preview()) == 7
