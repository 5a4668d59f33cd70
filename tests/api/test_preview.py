"""The dry run: a lead or made-up facts, and nothing is written."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from leadrouting.leads.models import Attribute, Campaign, Lead
from leadrouting.teams.models import Territory
from tests import world
from tests.api.conftest import arrive, client_of

pytestmark = pytest.mark.django_db
PREVIEW = "/api/v1/routing/preview/"


@pytest.fixture
def rules(cast):
    rules = world.rule_set(catch_all=world.queue("Triage"))
    world.rule(rules, cast.bob, when=[("territory", "within", "dach")], name="DACH")
    world.rule(rules, cast.pool, when=[("email_kind", "is", "business")], name="Business")
    Territory.objects.create(code="dach", name="DACH", countries=["DE", "AT", "CH"])
    from leadrouting.rules.services import publish

    publish(rule_set=rules, by=None, now=world.NOON)


@pytest.mark.parametrize(
    ("facts", "owner", "rule"),
    [
        ({"phone": "+49 30 123456"}, "Bob Baker", "DACH"),
        ({"country": " at "}, "Bob Baker", "DACH"),
        ({"territory": "dach"}, "Bob Baker", "DACH"),
        ({"email": "Max@ACME.example"}, "Ann Archer", "Business"),
        ({"email_kind": "business"}, "Ann Archer", "Business"),
        ({"email": "max@gmail.com", "attributes": {"plan": "pro"}}, None, ""),
        ({}, None, ""),
    ],
)
def test_made_up_facts_are_read_as_a_lead_is(cast, rules, facts, owner, rule):
    Attribute.objects.create(key="plan", label="plan", type="choice", choices=["Pro"])
    answer = cast.client("ops").post(PREVIEW, {"facts": facts})

    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["owner"] or {}).get("name") == owner and body["rule"] == rule
    assert body["queue"] == (None if owner else {"id": body["queue"]["id"], "name": "Triage"})
    assert body["reason"] and body["explanation"] and Lead.objects.count() == 0


def test_custom_attributes_are_facts_of_their_own_too(cast, rules):
    Attribute.objects.create(key="plan", label="plan", type="choice", choices=["Pro"])
    Attribute.objects.create(key="seats", label="seats", type="number")
    facts = {"attributes": {"seats": "12"}, "attributes.plan": "pro"}
    seen = cast.client("ops").post(PREVIEW, {"facts": facts}).json()["facts"]
    assert seen["attributes.plan"] == "Pro" and seen["attributes.seats"] == 12


def test_facts_that_follow_from_what_is_known(cast, rules):
    world.account("Acme", "acme.example", tier="gold", lifetime_value=10)
    Campaign.objects.create(key="spring", name="Spring", source="google")
    facts = {"email": "max@acme.example", "campaign": "spring", "deal_size": 5, "is_repeat": True}
    seen = cast.client("ops").post(PREVIEW, {"facts": facts}).json()["facts"]

    assert seen["account_tier"] == "gold" and seen["source"] == "google" and seen["campaign"] == "spring"
    assert seen["is_repeat"] is True and seen["has_account"] is True


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("ops", 200), ("service", 200), ("rep", 403)])
def test_a_stored_lead_and_who_may_ask(cast, who, status):
    lead = arrive()
    answer = cast.client(who).post(PREVIEW, {"lead": lead.pk})
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["owner"] is None, "Routed again, it goes to somebody who has not had it."
        assert "Ann Archer had had this lead before." in answer.json()["explanation"]


def test_a_lead_that_is_not_yours(cast):
    lead, stranger = arrive(), cast.bob.team.manager
    answer = client_of(stranger).post(PREVIEW, {"lead": lead.pk})
    assert answer.status_code == 400 and "not yours to see" in answer.json()["errors"]["lead"][0]


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"facts": {"contry": "DE"}}, "facts.contry", "Did you mean “country”"),
        ({"facts": {"lifetime_value": "lots"}}, "facts.lifetime_value", "cannot be read as a number"),
        ({"facts": {"email_kind": "nice"}}, "facts.email_kind", "business, free, disposable"),
        ({"facts": {"territory": "mars"}}, "facts.territory", "no territory with the code “mars”"),
        ({"facts": {"attributes.plna": "pro"}}, "facts.attributes.plna", "There is no attribute “plna”"),
        ({"facts": {"email": "max@"}}, "facts.email", "is not an e-mail address"),
        ({"facts": {"tags": "vip"}}, "facts.tags", "Expected a list"),
        ({"facts": {"received_at": "noon"}}, "facts.received_at", "moment"),
        ({"facts": {}, "lead": 1}, "body", "either lead or facts"),
        ({}, "body", "either lead or facts"),
        ({"fact": {}}, "fact", "Did you mean “facts”"),
    ],
)
def test_what_cannot_be_previewed(cast, body, field, says):
    answer = cast.client("ops").post(PREVIEW, body)
    assert answer.status_code == 400 and says in " ".join(answer.json()["errors"][field])


def test_without_rules_it_says_so(db):
    answer = client_of(world.user(role="ops")).post(PREVIEW, {"facts": {}})
    assert answer.status_code == 409 and "Publish one first" in answer.json()["detail"]


def test_nothing_is_written_and_queries_are_few(cast, rules, django_assert_max_num_queries):
    from django.db import connection

    client, body = cast.client("ops"), {"facts": {"email": "max@acme.example", "phone": "+43 1 2345678"}}
    client.post(PREVIEW, body)
    with django_assert_max_num_queries(13), CaptureQueriesContext(connection) as queries:
        client.post(PREVIEW, body)
    assert all(query["sql"].startswith("SELECT") for query in queries)
