"""Leads of a campaign whose routing is switched off are left to people."""

import pytest

from leadrouting.assignments import ownership
from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.services import route_waiting_of
from leadrouting.leads.models import Campaign, Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.models import Clock
from leadrouting.teams.models import INTAKE, User
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.NOON


@pytest.fixture
def fair() -> Campaign:
    world.live(world.pool(world.rep("Ann")))
    return Campaign.objects.create(key="fair", name="Spring fair", is_routed=False)


def arrive(number: int, **values) -> list[Lead]:
    leads = [Lead(name=f"L{n}", queue_id=INTAKE, **values) for n in range(number)]
    return Lead.objects.bulk_create(leads)


def route(*leads: Lead, **order) -> None:
    route_many([Order(lead.pk, **order) for lead in leads], NOON)
    for lead in leads:
        lead.refresh_from_db()


def test_it_waits_in_intake_and_says_why(fair):
    (lead,) = arrive(1, campaign=fair)
    route(lead)
    assert (lead.owner, lead.queue_id, lead.status, lead.route_at) == (None, INTAKE, "queued", None)
    decision = Decision.objects.get()
    assert (decision.cause, decision.rule_id, decision.tried) == (Cause.UNROUTED, None, [])
    line = (
        "Routing is switched off for the campaign “Spring fair”, so it waits in queue “Intake” "
        "for somebody to give it to a rep by hand."
    )
    assert sentences([decision]) == {decision.pk: line} and explanation(decision) == [line]
    assert not Clock.objects.exists() and not Message.objects.exists()
    route(lead, cause=Cause.SWEEP)
    assert Decision.objects.count() == 1
    assert list(differences(Decision.objects.all())) == []


def test_people_can_give_it_away_and_route_it(fair):
    first, second = arrive(2, campaign=fair)
    route(first, second)
    ben = world.rep("Ben")
    ops = world.user(role=User.Role.OPS)
    ownership.reassign(lead_id=first.pk, to=ben, by=ops, reason="His fair", now=NOON)
    first.refresh_from_db()
    assert first.owner == ben
    route(second, cause=Cause.REROUTE)
    assert str(second.owner) == "Ann"


def test_those_that_wait_are_set_going_and_no_others(fair):
    other = Campaign.objects.create(key="other", name="Other", is_routed=False)
    mine, others = arrive(3, campaign=fair), arrive(1, campaign=other)
    route(*mine, *others)
    ops = world.user(role=User.Role.OPS)
    ownership.reassign(lead_id=mine[0].pk, to=world.rep(), by=ops, reason="Hers", now=NOON)
    assert route_waiting_of(fair.pk, NOON) == 2
    assert Lead.objects.filter(campaign=fair, owner=None).count() == 0
    assert Lead.objects.get(pk=others[0].pk).owner is None
    assert route_waiting_of(fair.pk, NOON) == 0


def test_an_order_for_leads_that_nobody_owns_falls_away_when_somebody_does(fair):
    (lead,) = arrive(1)
    route(lead)
    route(lead, cause=Cause.REROUTE, if_unowned=True)
    assert str(lead.owner) == "Ann" and Decision.objects.count() == 1


def test_a_campaign_that_is_routed_changes_nothing(fair):
    Campaign.objects.update(is_routed=True)
    (lead,) = arrive(1, campaign=fair)
    route(lead)
    assert str(lead.owner) == "Ann"
