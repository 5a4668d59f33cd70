"""Reading and correcting leads: who sees what, filters, pages, and a constant number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.leads.models import Campaign, Lead
from leadrouting.rules.services import publish
from leadrouting.sla.models import Clock
from tests import world
from tests.api.conftest import LEADS, arrive
from tests.world import NOON

pytestmark = pytest.mark.django_db


def names(answer):
    assert answer.status_code == 200, answer.content
    return [lead["name"] for lead in answer.json()["results"]]


@pytest.mark.parametrize(
    ("who", "sees"), [("rep", True), ("manager", True), ("ops", True), ("service", True), ("other", False)]
)
def test_who_sees_a_lead(cast, who, sees):
    lead = arrive(name="Max")
    client = cast.client(who)

    assert names(client.get(LEADS)) == (["Max"] if sees else [])
    expected = 200 if sees else 404
    assert client.get(f"{LEADS}{lead.pk}/").status_code == expected
    assert client.get(f"{LEADS}{lead.pk}/decisions/").status_code == expected
    assert client.get(f"/api/v1/decisions/{lead.decisions.get().pk}/").status_code == expected
    assert client.patch(f"{LEADS}{lead.pk}/", {"city": "Ulm"}).status_code == expected


def test_one_lead_with_everything(cast):
    lead = arrive(name="Max", campaign=Campaign.objects.create(key="spring", name="Spring"))
    body = cast.client("rep").get(f"{LEADS}{lead.pk}/").json()

    assert body["owner"]["name"] == "Ann Archer" and body["campaign"] == "spring"
    assert body["rule"] == "All to closers" and body["reason"].startswith("Ann Archer, by rule")
    assert body["respond_by"] and body["responded_at"] is None and body["breached"] is False
    assert body["created_at"].endswith("Z")


def test_times_are_utc_for_everybody(cast):
    cast.users.rep.time_zone = "Asia/Kolkata"
    cast.users.rep.save()
    arrive(created_at=NOON)
    client = cast.client("rep")
    client.force_login(cast.users.rep)

    assert client.get(LEADS).json()["results"][0]["created_at"] == "2026-03-04T12:00:00Z"


def test_filters(cast):
    arrive(name="a", source="google", created_at=NOON, channel="phone")
    arrive(name="b", source="bing", created_at=NOON + timedelta(hours=1))
    Lead.objects.filter(name="b").update(status="contacted")
    Clock.objects.filter(lead__name="b").update(outcome="missed", ended_at=NOON)
    world.live(triage := world.queue())
    arrive(name="c", campaign=Campaign.objects.create(key="spring", name="Spring"))

    def found(**filters):
        return names(cast.client("ops").get(LEADS, filters))

    assert found() == ["c", "b", "a"]
    assert found(owner=cast.ann.pk) == ["b", "a"] and found(owner="me") == []
    assert names(cast.client("rep").get(LEADS, {"owner": "me"})) == ["b", "a"]
    assert found(status=["contacted", "queued"]) == ["c", "b"]
    assert found(source="Google") == ["a"] and found(channel="phone") == ["a"]
    assert found(campaign="spring") == ["c"] and found(queue=triage.pk) == ["c"]
    assert found(created_from="2026-03-04T12:00:00Z", created_to="2026-03-04T13:00:00Z") == ["a"]
    assert found(created_to="2026-03-05") == ["b", "a"]
    assert found(unrouted="true") == ["c"] and found(unrouted="false") == ["b", "a"]
    assert found(breached="true") == ["b"] and found(breached="false") == ["c", "a"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("owner=bob", "Give “me” or a rep's id."),
        ("status=lost,won", "lost,won"),
        ("unrouted=maybe", "maybe"),
        ("created_from=yesterday", "Write a moment such as"),
        ("created_from=0001-01-01T00:00:00%2B14:00", "Write a moment such as"),
        ("queue=x", "number"),
        ("limit=0", "1 to 200"),
        ("limit=201", "1 to 200"),
        ("limit=" + "9" * 5000, "1 to 200"),
        ("cursor=abc", "Follow the address"),
        ("cursor=" + "W1tb" * 30, "Follow the address"),
        ("statsu=won", "Did you mean “status”?"),
        ("source=%00", "Null"),
        ("owner=", "Give a value"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(cast, query, says):
    answer = cast.client("ops").get(f"{LEADS}?{query}")
    assert answer.status_code == 400 and says in str(answer.json()["errors"])


def test_pages_meet_each_lead_once_even_when_all_came_at_one_moment(cast):
    world.live(world.queue("Nobody"))
    for number in range(7):
        arrive(name=str(number), created_at=NOON)
    client, address, seen = cast.client("ops"), f"{LEADS}?limit=3", []
    while address:
        page = client.get(address).json()
        seen.append([lead["name"] for lead in page["results"]])
        arrive(name="new", created_at=NOON + timedelta(minutes=1))
        address = page["next"]

    assert seen == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


def test_a_hundred_leads_cost_as_many_queries_as_one(cast, django_assert_num_queries):
    client = cast.client("ops")
    for number in range(101):
        arrive(name=str(number))
        if number in (0, 100):
            with django_assert_num_queries(2):  # the token, the page
                assert len(client.get(LEADS, {"limit": 200}).json()["results"]) == number + 1


def test_queries_of_each_read(cast, django_assert_num_queries):
    lead = arrive()
    client = cast.client("manager")
    with django_assert_num_queries(7):  # token, lead, decision, names of reps and pools, clocks, pause
        client.get(f"{LEADS}{lead.pk}/")
    with django_assert_num_queries(5):  # token, lead, decisions, names of reps and pools
        client.get(f"{LEADS}{lead.pk}/decisions/")
    address = f"/api/v1/decisions/{lead.decisions.get().pk}/"
    with django_assert_num_queries(
        10
    ):  # token, decision, names of what was tried and of all that rules name, roster, stamp
        client.get(address)


def test_correcting_a_lead(cast):
    lead = arrive(name="Max", tier="gold", deal_size=5, tags=["a"])
    body = {"email": "Max@ACME.example", "city": " Ulm ", "deal_size": None, "tier": None, "tags": ["b"]}
    answer = cast.client("rep").patch(f"{LEADS}{lead.pk}/", body)

    assert answer.status_code == 200, answer.content
    lead.refresh_from_db()
    assert (lead.email, lead.email_domain, lead.email_kind) == (
        "max@acme.example",
        "acme.example",
        "business",
    )
    assert (lead.city, lead.deal_size, lead.tier, lead.tags) == ("Ulm", None, "", ["b"])
    assert lead.owner == cast.ann and lead.decisions.count() == 1
    assert answer.json()["city"] == "Ulm"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"owner": 1}, "reassign/"),
        ({"status": "won"}, "outcome/"),
        ({"source": "x"}, "stays as it was received"),
        ({"sity": "Ulm"}, "Did you mean “city”?"),
        ({"email": "max@"}, "is not an e-mail address"),
    ],
)
def test_what_cannot_be_corrected(cast, body, says):
    lead = arrive(city="Bonn")
    answer = cast.client("ops").patch(f"{LEADS}{lead.pk}/", {**body, "city": "Ulm"})

    assert answer.status_code == 400 and says in str(answer.json()["errors"])
    assert Lead.objects.get(pk=lead.pk).city == "Bonn"


def test_why(cast):
    away = world.rep("Abe Away", presence="away")
    world.live(world.pool(away, cast.ann, name="Two"), name="To two")
    lead = arrive(country="DE")
    [summary] = cast.client("rep").get(f"{LEADS}{lead.pk}/decisions/").json()["results"]
    body = cast.client("rep").get(f"/api/v1/decisions/{summary['id']}/").json()

    assert summary["sentence"] == body["sentence"] and "1 other was away" in body["sentence"]
    assert body["facts"]["country"] == "DE" and body["rule"] == "To two" and body["step"] == 1
    assert body["rule_set"].endswith("v1") and body["owner"]["name"] == "Ann Archer"
    [step] = body["tried"]
    assert (
        step["kind"] == "pool" and step["target"]["name"] == "Two" and step["picked"]["name"] == "Ann Archer"
    )
    assert step["passed_over"] == [
        {"why": "away", "says": "was away", "reps": [{"id": away.pk, "name": "Abe Away"}]}
    ]
    assert body["explanation"][0] == "Rule “To two” matched."
    assert body["rules"] == [
        {
            "rule": "To two",
            "matched": True,
            "failed_condition": "",
            "sentence": "“To two” matched: for every lead.",
        }
    ]
    assert body["ladder"] == ["First Two"] and body["more_rules"] == 0 and body["turn"] == ""
    assert [(one["rep"]["name"], one["why"]) for one in body["candidates"]] == [
        ("Ann Archer", ""),
        ("Abe Away", "away"),
    ]
    assert body["nearest_miss"] is None  # every lead goes there


def test_the_nearest_miss(cast):
    rules = world.rule_set()
    world.rule(rules, cast.bob, when=[("country", "is", "IN")], name="India")
    world.rule(rules, cast.ann, name="Everything else")
    publish(rule_set=rules, by=None, now=world.NOON)
    lead = arrive(country="DE")
    body = cast.client("ops").get(f"/api/v1/decisions/{lead.decisions.get().pk}/").json()
    assert body["nearest_miss"] == {
        "changes": [
            {"fact": "country", "before": "DE", "to": "IN", "says": "country were India instead of Germany"}
        ],
        "rule": "India",
        "sentence": "If country were India instead of Germany, rule “India” would have matched.",
    }
    preview = cast.client("ops").post("/api/v1/routing/preview/", {"facts": {"country": "DE"}}).json()
    assert preview["nearest_miss"] == body["nearest_miss"]


def test_an_unknown_format_is_a_wrong_parameter(cast):
    answer = cast.client("ops").get("/api/v1/leads/?format=xml")
    assert answer.status_code == 400
    assert "There is no format “xml”. There is: json." in str(answer.json())
