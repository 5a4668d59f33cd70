"""A saved lead gets its owner, on commit, through the one door."""

from datetime import timedelta

import pytest

from leadrouting.assignments.models import Assignment, Decision, Load, Rotation
from leadrouting.assignments.orders import Order
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_saved_lead_is_owned_when_save_returns():
    ann = world.rep("Ann")
    pool = world.pool(ann)
    world.live(pool, name="All to the pool")

    lead = world.lead()
    lead.refresh_from_db()

    assert lead.owner == ann
    assert lead.status == Lead.status.field.choices[2][0] == "assigned"
    assert lead.queue is None and lead.route_at is None
    decision = Decision.objects.get(lead=lead)
    assert decision.rule_name == "All to the pool"
    assert decision.assignment.rep == ann
    assert Load.objects.get(rep=ann).open == 1
    assert Rotation.objects.get(pool=pool).turns == 1


def test_no_rule_matches_so_the_catch_all_takes_it():
    triage = world.queue("Triage")
    world.live(world.rep(), catch_all=triage, when=[("country", "is", "IN")])

    lead = world.lead(country="DE")
    lead.refresh_from_db()

    assert lead.owner is None and lead.queue == triage and lead.status == "queued"
    assert Assignment.objects.count() == 0


def test_without_a_live_version_the_lead_stays_in_intake():
    lead = world.lead()
    lead.refresh_from_db()

    assert lead.queue == world.intake() and lead.status == "received"
    assert lead.route_at is not None


def test_an_import_of_history_leaves_the_count_of_today_alone():
    ann = world.rep(max_day=2)
    world.live(world.pool(ann))
    leads = [Lead(name=f"L{n}") for n in range(4)]
    Lead.objects.bulk_create(leads)
    ids = [lead.pk for lead in leads]

    route_many([Order(ids[0])], world.NOON)
    route_many([Order(ids[1])], world.NOON - timedelta(days=30))
    load = Load.objects.get(rep=ann)
    assert (load.open, load.day, load.day_on) == (2, 1, world.NOON.date())

    route_many([Order(ids[2])], world.NOON)
    route_many([Order(ids[3])], world.NOON)
    assert Lead.objects.filter(owner=ann).count() == 3
