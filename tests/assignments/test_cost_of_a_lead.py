"""A routed lead costs the same few statements whoever its rule asks: counted at PostgreSQL."""

from datetime import date

import pytest

from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Order
from leadrouting.assignments.routing import route_many
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Account, Lead
from leadrouting.teams.models import INTAKE, Absence, Attainment, Quota, Territory
from tests import world
from tests.wire import traffic

pytestmark = pytest.mark.django_db(transaction=True)
ROUTING = (11, 3)
"""Statements and round trips of `route_many`, without those that save the lead."""


def cost(**values) -> tuple[int, int]:
    """Of the third lead: rosters are stored and statements prepared by the first ones."""
    leads = [Lead(name="Jane", queue_id=INTAKE, created_at=world.NOON, **values) for _ in range(3)]
    for lead in Lead.objects.bulk_create(leads)[:2]:
        route_many([Order(lead.pk)], world.NOON)
    return traffic(lambda: route_many([Order(leads[2].pk)], world.NOON))


def test_a_pool():
    world.live(world.pool(*world.reps(5)))
    assert cost() == ROUTING


def test_a_backup_stands_in():
    lena = world.rep("Lena")
    marcus = world.rep("Marcus", backup=lena)
    Absence.objects.create(rep=marcus, first_day=date(2026, 3, 2), last_day=date(2026, 5, 3))
    world.live(StepKind.ACCOUNT_OWNER)
    assert cost(account=Account.objects.create(name="Acme", owner=marcus)) <= ROUTING
    assert {one.rep_id for one in Decision.objects.all()} == {lena.pk}


def test_a_pool_owns_the_territory():
    pool = world.pool(*world.reps(5))
    Territory.objects.create(code="de", name="Germany", countries=["DE"], pool=pool)
    world.live(StepKind.TERRITORY_OWNER)
    assert cost(country="DE") == ROUTING


def test_shares_that_are_not_full():
    old, new, star = world.rep(), world.rep(started_on=date(2026, 2, 25)), world.rep()
    Quota.objects.create(rep=star, target=1)
    Attainment.objects.create(rep=star, first_day=date(2026, 3, 1), achieved=1, counted_at=world.NOON)
    world.live(world.pool(old, new, star, strategy="performance"))
    assert cost() == ROUTING
