"""The pages that say how leads are shared out, and how they reach a rep."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadrouting.leads.models import Account
from leadrouting.teams.models import Membership, Queue, Rep, Territory, User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_rep_sees_the_own_pools_with_everybody_in_them(scene, as_):
    theirs = [scene.routed(name=f"Secret Lead {number}") for number in range(9)]
    other = world.pool(world.rep("Zoe Other"), name="Somebody else’s pool")
    client = as_(scene.priya)
    page = page_of(client.get("/fairness/"))
    assert "EMEA inbound" in page and "Tom Dvorak" in page and "Next in turn:" in page
    assert other.name not in page and "Zoe" not in page
    assert not any(lead.name in page for lead in theirs if lead.owner_id == scene.tom.pk)
    (picture,) = client.get("/fairness/?days=7").context["pictures"]
    assert picture.leads == 10 and sum(one.part.received for one in picture.members) == 10
    assert [one.is_me for one in picture.members if one.name == "Priya Raghunathan"] == [True]
    assert "You received" in page and "1 of 2" in page
    assert client.get(f"/fairness/?pool={other.pk}").context["pictures"] == []
    assert client.get("/fairness/?days=nonsense&pool=x&page=9").status_code == 200


def test_whose_pages_they_are(scene, as_, client):
    stranger = world.user(role=User.Role.MANAGER)
    service = world.user(role=User.Role.SERVICE)
    ops = world.user(role=User.Role.OPS)
    assert client.get("/fairness/").status_code == client.get("/reach/").status_code == 302
    assert as_(service).get("/fairness/").status_code == as_(service).get("/reach/").status_code == 403
    assert "EMEA inbound" in page_of(as_(scene.mira).get("/fairness/"))
    assert "EMEA inbound" in page_of(as_(ops).get("/fairness/"))
    assert "No pool yet" in page_of(as_(stranger).get("/fairness/"))
    own = f"/reach/{scene.priya.pk}/"
    for person, status in (
        (scene.priya, 200),
        (scene.mira, 200),
        (ops, 200),
        (scene.tom, 404),
        (stranger, 404),
    ):
        assert as_(person).get(own).status_code == status
    assert as_(scene.mira).get("/reach/").status_code == 404, "she is no rep"
    assert as_(scene.priya).get("/reach/").status_code == 200


def test_many_pools_and_members_cost_what_one_does(scene, as_):
    client = as_(scene.mira)
    client.get("/fairness/")
    with CaptureQueriesContext(connection) as one:
        client.get("/fairness/")
    for number in range(6):
        reps = [world.rep(f"Rep {number}.{at}", team=scene.team) for at in range(5)]
        world.live(world.pool(*reps, name=f"Pool {number}"))
        for _ in range(3):
            scene.routed()
    client.get("/fairness/")
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/fairness/").context["pictures"]) == 7
    assert len(many) <= len(one) <= 15


def test_who_has_left_the_pool_is_told_apart_and_an_empty_one_is_said(scene, as_):
    scene.routed()
    Membership.objects.filter(rep=scene.tom).delete()
    assert "not in the pool any more" in page_of(as_(scene.priya).get("/fairness/?days=90"))
    world.pool(name="Nobody’s")
    ops = as_(world.user(role=User.Role.OPS))
    assert "The pool has no members." in page_of(ops.get("/fairness/"))


def test_the_rules_that_lead_to_a_rep_are_told_in_their_order(scene, as_):
    rules = world.rule_set()
    far = world.pool(scene.tom, name="Far away")
    near = world.pool(scene.priya, scene.tom, weights=[2, 7], name="Near by")
    spanish = world.skill("Spanish")
    world.rule(rules, far, when=[("country", "is", "BR")], name="Brazil")
    world.rule(rules, far, near, when=[("country", "is", "IN")], name="India")
    world.rule(rules, near, when=[("language", "is", "es")], name="Spaniards", skills=[(spanish, 2)])
    world.rule(rules, scene.priya, when=[("country", "is", "FR")], name="France")
    world.publish(rule_set=rules, by=None, now=world.NOON)
    scene.routed(country="IN")
    page = page_of(as_(scene.priya).get("/reach/"))
    ways = as_(scene.priya).get("/reach/").context["reach"].ways
    assert [(way.place, way.rule.name) for way in ways] == [(2, "India"), (3, "Spaniards"), (4, "France")]
    assert "As step 2: By turns in Near by: 2 of 9." in page
    assert "You would get these if you had Spanish at level 2." in page
    assert "The rule names you." in page and "When country is India" in page
    assert "Brazil" not in page and "1 other live rule leads elsewhere." in page
    assert as_(scene.tom).get("/reach/").context["reach"].ways[1].leads == 1


def test_owners_and_territories_count_only_for_who_has_some(scene, as_):
    from leadrouting.engine.model import StepKind

    world.live(StepKind.ACCOUNT_OWNER, StepKind.TERRITORY_OWNER, scene.tom)
    page = page_of(as_(scene.priya).get("/reach/"))
    assert "No live rule leads here" in page and "no live rule sends leads to one of them" in page
    Account.objects.create(name="Acme", owner=scene.priya)
    Territory.objects.create(name="Bavaria", code="bavaria", owner=scene.priya)
    queue = Queue.objects.get(pk=scene.queue.pk)
    queue.teams.add(scene.team)
    page = page_of(as_(scene.priya).get("/reach/"))
    assert "When the lead’s account is yours." in page
    assert "When the lead is in a territory of yours or of your pools." in page
    assert "Bavaria" in page and "Triage EMEA" in page


def test_what_keeps_leads_away_now_is_said(scene, as_):
    Rep.objects.filter(pk=scene.priya.pk).update(presence="busy", max_open=1)
    page = page_of(as_(scene.priya).get("/reach/"))
    assert "At this moment: busy." in page and "You have 1 open lead, as many as you may." in page


def test_without_rules_it_says_so(as_, db):
    rep = world.rep("Ann")
    assert "No rules are live yet" in page_of(as_(rep).get("/reach/"))
    assert "No pool yet" in page_of(as_(rep).get("/fairness/"))
