"""Custom attributes over the API: listed for everybody, read as their type, corrected one by one."""

from __future__ import annotations

import pytest

from leadrouting.leads.models import Attribute, Lead
from tests.api.conftest import EVERYBODY, LEADS, arrive, client_of

pytestmark = pytest.mark.django_db
LIST = "/api/v1/attributes/"


@pytest.fixture
def defined(db) -> None:
    Attribute.objects.create(key="seats", label="seats", type="number", unit="seats")
    Attribute.objects.create(key="plan", label="plan", type="choice", choices=["Pro", "Basic"])


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_may_read_what_there_is(cast, defined, who, django_assert_num_queries):
    client = cast.client(who)
    with django_assert_num_queries(2):
        body = client.get(LIST).json()
    assert body["next"] is None and [one["key"] for one in body["results"]] == ["seats", "plan"]
    assert body["results"][1] == {
        "key": "plan",
        "label": "plan",
        "type": "choice",
        "choices": ["Pro", "Basic"],
        "unit": "",
        "help": "",
    }
    assert client.post(LIST, {"key": "x"}).status_code == 405


def test_nobody_else_may(client):
    assert client.get(LIST).status_code == 401


def test_they_are_read_as_their_type_and_given_back(cast, defined):
    client = cast.client("service")
    lead = client.post(LEADS, {"name": "Max", "attributes": {"seats": "12.50", "plan": "PRO"}}).json()["id"]
    assert client.get(f"{LEADS}{lead}/").json()["attributes"] == {"seats": "12.5", "plan": "Pro"}

    answer = client.patch(f"{LEADS}{lead}/", {"attributes": {"seats": None}})
    assert answer.status_code == 200 and answer.json()["attributes"] == {"plan": "Pro"}


def test_a_lead_can_be_sent_back_as_it_was_read_even_when_an_attribute_is_gone(cast, defined):
    lead = arrive(attributes={"bygone": 1, "plan": "Pro"})
    client = client_of(cast.users.ops)
    held = client.get(f"{LEADS}{lead.pk}/").json()["attributes"]
    answer = client.patch(f"{LEADS}{lead.pk}/", {"attributes": {**held, "seats": 3}})
    assert answer.json()["attributes"] == {"bygone": 1, "plan": "Pro", "seats": 3}


def test_a_bad_value_is_refused_at_its_key_and_nothing_changes(cast, defined):
    lead = arrive(attributes={"plan": "Pro"})
    answer = cast.client("ops").patch(f"{LEADS}{lead.pk}/", {"city": "Ulm", "attributes": {"plan": "gold"}})
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"attributes.plan": ["“gold” is not one of: Pro, Basic."]}
    assert Lead.objects.get(pk=lead.pk).city == ""
