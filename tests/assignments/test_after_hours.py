"""What becomes of a lead while a pool is closed: the next step, another pool, or somebody all the same."""

from datetime import timedelta

import pytest

from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.engine.sentences import Names, explain
from leadrouting.leads.models import Lead
from leadrouting.teams.models import OfficeHours, OpeningWindow
from tests import world

pytestmark = pytest.mark.django_db
NIGHT = world.NOON + timedelta(hours=10)


@pytest.fixture
def hours():
    hours = OfficeHours.objects.create(name="Days", time_zone="UTC")
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="08:00", closes="18:00")
    return hours


def route(now):
    lead = Lead.objects.bulk_create([Lead(name="L")])[0]
    (outcome,) = route_many([Order(lead.pk)], now)
    assert not list(differences(Decision.objects.all()))
    return outcome


def test_it_waits_for_the_opening(hours):
    world.live(world.pool(world.rep(office_hours=hours)))
    outcome = route(NIGHT)
    assert outcome.verdict.rep is None
    assert outcome.route_at == world.NOON.replace(day=5, hour=8)


def test_it_is_assigned_anyway_and_that_is_said(hours):
    ann = world.rep("Ann", office_hours=hours)
    away = world.rep("Di", office_hours=hours, presence="away")
    world.live(world.pool(ann, away, after_hours="assign"))
    assert route(NIGHT).verdict.rep == ann.pk
    outcome = route(NIGHT)
    said = explain(outcome.verdict, Names(reps={ann.pk: "Ann"}))
    assert "Ann is outside office hours, which do not count for this pool." in said
    assert not route(world.NOON).verdict.tried[0].after_hours


def test_the_after_hours_pool_is_asked_only_while_all_are_closed(hours):
    ann, night = world.rep("Ann", office_hours=hours), world.rep("Nia")
    away = world.rep("Di", office_hours=hours, presence="away")
    desk = world.pool(night, name="Night desk")
    world.live(world.pool(ann, away, after_hours="pool", after_pool=desk, name="Day"))
    outcome = route(NIGHT)
    assert outcome.verdict.rep == night.pk and [one.id for one in outcome.verdict.tried][1] == desk.pk
    assert route(world.NOON).verdict.rep == ann.pk
    ann.max_open = 1
    ann.save()
    assert route(world.NOON).verdict.rep is None, "full is not closed"
