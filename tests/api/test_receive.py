"""POST leads/: a lead comes in and its answer names its owner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.merging import merge
from leadrouting.leads.models import Activity, Lead
from tests import world
from tests.api.conftest import EVERYBODY, LEADS

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_answer_names_owner_rule_reason_and_deadline(cast):
    answer = cast.client("service").post(
        LEADS, {"name": "Max", "email": "Max@Example.com", "channel": "web_form"}
    )

    assert answer.status_code == 201
    body = answer.json()
    assert body["owner"] == {"id": cast.ann.pk, "name": "Ann Archer"} and body["queue"] is None
    assert body["status"] == "assigned" and body["rule"] == "All to closers" and body["joined"] is False
    assert body["reason"] == "Ann Archer, by rule “All to closers”: round robin in Closers."
    assert datetime.fromisoformat(body["respond_by"]).utcoffset().total_seconds() == 0
    assert body["decision"] and Lead.objects.get(pk=body["id"]).email == "max@example.com"


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_may_enter_a_lead(cast, who):
    assert cast.client(who).post(LEADS, {"phone": "+49 30 123456"}).status_code == 201


def test_a_repeat_enquiry_joins_the_open_lead(cast):
    client = cast.client("service")
    first = client.post(LEADS, {"email": "max@example.com"}).json()
    again = client.post(LEADS, {"email": "max@example.com", "message": "Me again", "city": "Ulm"})

    assert again.status_code == 200 and again.json()["joined"] is True and again.json()["id"] == first["id"]
    assert Lead.objects.get().city == "Ulm"
    assert Activity.objects.get().text == "Me again"


def test_the_same_external_id_is_the_same_lead_even_when_closed(cast):
    client = cast.client("service")
    first = client.post(LEADS, {"external_id": "shop-1"}).json()
    cast.client("rep").post(f"{LEADS}{first['id']}/outcome/", {"outcome": "junk"})

    again = client.post(LEADS, {"external_id": "shop-1"})

    assert again.status_code == 200 and again.json()["id"] == first["id"] and Lead.objects.count() == 1


def test_without_rules_it_waits_and_says_so(db):
    from tests import world
    from tests.api.conftest import client_of

    body = client_of(world.user(role="service")).post(LEADS, {"name": "Max"}).json()

    assert body["owner"] is None and body["queue"]["name"] == "Intake"
    assert body["reason"] == "Waiting in the queue “Intake” to be routed."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"emial": "max@example.com"}, "emial", "Did you mean “email”?"),
        ({"name": "Max", "owner": 1}, "owner", "reassign/"),
        ({"email": "max@"}, "email", "is not an e-mail address"),
        ({"phone": "call me"}, "phone", "is not a phone number"),
        ({"campaign": "nope"}, "campaign", "There is no campaign with the key “nope”."),
        ({"city": "Ulm"}, "body", "at least one of"),
        ({"name": "Max", "channel": "pigeon"}, "channel", "“pigeon” is not one of: web_form, email"),
        ({"name": "Max", "deal_size": "1e400"}, "deal_size", ""),
        ({"name": "Max\x00"}, "name", "Null characters"),
        ({"name": "Max", "tags": ["a" * 41]}, "tags.0", "40"),
        ({"name": "Max", "attributes": {"plan": {"deep": 1}}}, "attributes.plan", "Give a text"),
        ({"name": "Max", "attributes": {"a\x00": "x"}}, "attributes", "Null characters"),
        ({"name": "Max", "attributes": {"plan": 10**400}}, "attributes.plan", "too large"),
        ({"name": "Max", "attributes": {"plna": "x"}}, "attributes.plna", "There is no attribute “plna”."),
        ({"name": "Max", "attributes": ["plan"]}, "attributes", "Write an object"),
        ({"name": "Max", "company_size": 10**30}, "company_size", "This number is too large."),
        ({"name": "Max", "score": 10**6}, "score", "32767"),
        ({"name": "Max", "deal_size": 10**20}, "deal_size", "at most 12 digits before the point"),
        ({"name": "Max", "country": "XX"}, "country", "“XX” is not a country code"),
        ({"name": "Max", "region": "Middle Earth and beyond"}, "region", "is no region that we know"),
        ({"name": "Max", "postal_code": 10115}, "postal_code", "Write this as text, in quotes."),
        ({"name": "Max", "company_size": "12"}, "company_size", "Write a whole number"),
        ([1], "body", "Write an object: names with their values, in braces."),
    ],
)
def test_bad_input_is_refused_and_nothing_is_saved(cast, body, field, says):
    answer = cast.client("service").post(LEADS, body)

    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert says in " ".join(answer.json()["errors"][field])
    assert Lead.objects.count() == 0


def test_null_is_the_same_as_left_out(cast):
    body = {
        "name": "Max",
        "phone": None,
        "tags": None,
        "channel": None,
        "attributes": None,
        "deal_size": None,
    }
    answer = cast.client("service").post(LEADS, body)

    assert answer.status_code == 201 and Lead.objects.get().channel == "api"


def test_the_same_external_id_at_the_same_time_is_one_lead(cast):
    cast.client("service")
    start = Barrier(6)

    def post(_: int) -> int:
        try:
            client = cast.client("service")
            start.wait()
            return client.post(LEADS, {"external_id": "shop-1"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(post, range(6))) == [200] * 5 + [201]
    assert Lead.objects.count() == 1


def test_queries_of_receiving(cast, django_assert_num_queries):
    """Beside these, routing sends its own statements in pipelines, which Django does not count. BEGIN and COMMIT are in."""
    client = cast.client("service")
    client.post(LEADS, {"name": "First"})
    with django_assert_num_queries(20):
        assert client.post(LEADS, {"email": "max@acme.example"}).status_code == 201
    with django_assert_num_queries(21):
        assert client.post(LEADS, {"name": "Max"}, HTTP_IDEMPOTENCY_KEY="1").status_code == 201
    with django_assert_num_queries(5):
        assert client.post(LEADS, {"name": "Max"}, HTTP_IDEMPOTENCY_KEY="1").status_code == 201


def test_a_lost_lead_goes_on_and_a_merged_one_is_left_out(cast):
    client = cast.client("service")
    first = client.post(LEADS, {"email": "max@acme.example"}).json()
    assert (first["joined"], first["reopened"]) == (False, False)
    lead = Lead.objects.get()
    ownership.close(lead_id=lead.pk, by=world.user(role="ops"), outcome="lost", now=timezone.now())
    again = client.post(LEADS, {"email": "max@acme.example"})
    assert again.status_code == 200
    assert (again.json()["joined"], again.json()["reopened"]) == (True, True)
    other = client.post(LEADS, {"email": "other@acme.example"}).json()["id"]
    merge(kept_id=lead.pk, other_id=other, by=world.user(role="ops"), now=timezone.now())
    assert [one["id"] for one in client.get(LEADS).json()["results"]] == [lead.pk]
    assert client.get(f"{LEADS}{other}/").json()["merged_into"] == lead.pk
