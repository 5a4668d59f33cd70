"""A turn that is given back: for declined and junk leads that came by the rotation, once, as the pool says."""

import pytest
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.models import Decision, Rotation
from leadrouting.assignments.replaying import differences
from leadrouting.engine.roster import LEAD
from leadrouting.teams.models import Membership, Pool, User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def credits(pool) -> dict[int, int]:
    row = Rotation.objects.get(pool=pool)
    assert sum(row.credits) + row.rest == 0
    return dict(zip(row.member_ids, row.credits, strict=True))


def decline(lead):
    lead.refresh_from_db()
    return ownership.decline(lead_id=lead.pk, by=lead.owner.user, reason="Not mine", now=timezone.now())


def junk(lead):
    lead.refresh_from_db()
    ownership.close(lead_id=lead.pk, by=lead.owner.user, outcome="junk", now=timezone.now())


def test_a_declined_lead_costs_no_turn_unless_the_pool_says_so():
    ann, ben, cem = world.reps(3)
    pool = world.pool(ann, ben, cem)
    world.live(pool)
    decline(world.lead())
    assert [round(credit * 3 / LEAD) for credit in credits(pool).values()] == [1, -2, 1]
    Pool.objects.filter(pk=pool.pk).update(gives_back="never")
    before = credits(pool)
    lead = world.lead()
    lead.refresh_from_db()
    had = lead.owner_id
    decline(lead)
    assert before[had] - credits(pool)[had] > LEAD // 4, "who declined has paid"
    assert not list(differences(Decision.objects.all()))


def test_junk_gives_back_only_where_the_pool_says_so():
    ann, ben = world.reps(2)
    pool = world.pool(ann, ben)
    world.live(pool)
    lead = world.lead()
    before = credits(pool)
    junk(lead)
    assert credits(pool) == before
    Pool.objects.filter(pk=pool.pk).update(gives_back="declined_junk")
    lead = world.lead()
    lead.refresh_from_db()
    owner, before = lead.owner_id, credits(pool)
    junk(lead)
    assert credits(pool)[owner] == before[owner] + LEAD
    world.lead()
    assert not list(differences(Decision.objects.all()))


def test_a_lead_given_by_hand_moves_nothing():
    ann, ben = world.reps(2)
    pool = world.pool(ann, ben, gives_back="declined_junk")
    world.live(pool)
    lead = world.lead()
    other = world.rep("Dora")
    ops = world.user("Olga", role=User.Role.OPS)
    ownership.reassign(lead_id=lead.pk, to=other, by=ops, reason="Knows them", now=timezone.now())
    before = credits(pool)
    junk(lead)
    assert credits(pool) == before


def test_who_has_left_the_pool_gets_nothing_back():
    ann, ben, cem = world.reps(3)
    pool = world.pool(ann, ben, cem)
    world.live(pool)
    first = world.lead()
    Membership.objects.filter(pool=pool, rep=ann).delete()
    world.lead()
    before = credits(pool)
    assert ann.pk not in before
    decline(first)
    assert set(credits(pool)) == {ben.pk, cem.pk}
    assert not list(differences(Decision.objects.all()))
