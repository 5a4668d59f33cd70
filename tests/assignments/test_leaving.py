"""A rep leaves, and every open lead has somewhere to go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadrouting.assignments import leaving
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.leaving import leave
from leadrouting.assignments.models import Assignment, Decision, Load
from leadrouting.assignments.ownership import close
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep, User
from leadrouting.teams.signals import places_of
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ops() -> User:
    return world.user("Ingrid", role=User.Role.OPS)


@pytest.fixture
def team() -> tuple[Rep, Rep]:
    priya, tom = world.rep("Priya Raghunathan"), world.rep("Tom Dvorak")
    pool = world.pool(priya, tom)
    Rep.objects.filter(pk=tom.pk).update(presence="away")
    world.live(pool)
    for _ in range(3):
        world.lead()
    Rep.objects.filter(pk=tom.pk).update(presence="available")
    return Rep.objects.get(pk=priya.pk), Rep.objects.get(pk=tom.pk)


def later():
    return timezone.now() + timedelta(minutes=1)


@pytest.mark.parametrize("how", ["rules", "rep", "backup"])
def test_every_open_lead_moves_and_says_why(team, ops, how):
    priya, tom = team
    Rep.objects.filter(pk=priya.pk).update(backup=tom)
    priya.refresh_from_db()
    assert leave(rep=priya, by=ops, how=how, to=tom if how == "rep" else None, now=later()) == 3
    assert not Rep.objects.get(pk=priya.pk).is_active
    assert set(Lead.objects.values_list("owner", flat=True)) == {tom.pk}
    assert Load.objects.get(pk=priya.pk).open == 0 and Load.objects.get(pk=tom.pk).open == 3
    latest = Decision.objects.filter(rep=tom)
    assert set(latest.values_list("reason", "actor")) == {("Priya Raghunathan left", ops.pk)}
    assert leave(rep=priya, by=ops, how=how, to=tom, now=later()) == 0
    assert Assignment.objects.filter(ended_at=None).count() == 3


def test_closed_leads_stay_with_their_history(team, ops):
    priya, tom = team
    won = Lead.objects.first()
    close(lead_id=won.pk, by=priya.user, outcome="lost", now=later())
    assert leave(rep=priya, by=ops, how="rep", to=tom, now=later()) == 2
    assert Lead.objects.get(pk=won.pk).owner_id == priya.pk


def test_where_nobody_else_is_the_leads_wait_in_the_queue(team, ops):
    priya, tom = team
    Rep.objects.filter(pk=tom.pk).update(is_active=False)
    assert leave(rep=priya, by=ops, how="rules", now=later()) == 3
    assert not Lead.objects.exclude(owner=None).exists()


def test_what_is_refused(team, ops):
    priya, tom = team
    with pytest.raises(Refused, match="has no backup"):
        leave(rep=priya, by=ops, how="backup", now=later())
    with pytest.raises(Refused, match="Choose who gets"):
        leave(rep=priya, by=ops, how="rep", now=later())
    with pytest.raises(Refused, match="Choose somebody else"):
        leave(rep=priya, by=ops, how="rep", to=priya, now=later())
    with pytest.raises(Refused, match="Say what becomes"):
        leave(rep=priya, by=ops, how="keep", now=later())
    with pytest.raises(NotYours):
        leave(rep=priya, by=tom.user, how="rules", now=later())
    Rep.objects.filter(pk=tom.pk).update(is_active=False)
    tom.refresh_from_db()
    with pytest.raises(Refused, match="is not active"):
        leave(rep=priya, by=ops, how="rep", to=tom, now=later())
    assert Rep.objects.get(pk=priya.pk).is_active


def test_coming_back_brings_new_leads_only(team, ops):
    priya, tom = team
    leave(rep=priya, by=ops, how="rep", to=tom, now=later())
    assert leaving.come_back(rep=priya, by=ops) and not leaving.come_back(rep=priya, by=ops)
    assert not Lead.objects.filter(owner=priya).exists()
    new = {world.lead().pk, world.lead().pk}
    assert set(Lead.objects.filter(pk__in=new).values_list("owner", flat=True)) == {priya.pk, tom.pk}


def test_rules_that_name_the_rep_are_told(team):
    priya, tom = team
    world.live(priya, name="Enterprise")
    (place,) = places_of(priya.pk)
    assert place.name == "Enterprise"
    assert places_of(tom.pk) == []
