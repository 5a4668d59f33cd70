"""Other systems subscribe over the API: the same services as in the admin, so that here is tried what the calls say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook

from leadrouting.leads.models import Campaign, Lead
from leadrouting.notifications.hooks.sending import send_due
from leadrouting.notifications.models import Event, Hook, Subscription
from leadrouting.notifications.spreading import spread_due
from tests import world
from tests.api.conftest import EVERYBODY, client_of
from tests.peers import HttpPeer

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/webhooks/"


@pytest.fixture
def peer(settings: Any) -> Iterator[HttpPeer]:
    made = HttpPeer()
    settings.OUTSIDE_HOSTS = [f"127.0.0.1:{made.server.server_port}"]
    yield made
    made.close()


@pytest.fixture
def ops(cast: Any) -> Any:
    return cast.client("ops")


@pytest.fixture
def made(ops: Any, peer: HttpPeer) -> dict[str, Any]:
    said = {"name": "Warehouse", "address": peer.address, "events": ["lead.received", "lead.assigned"]}
    answer = ops.post(PATH, said)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def at(made: dict[str, Any], act: str = "") -> str:
    return f"{PATH}{made['id']}/{act}{'/' if act else ''}"


def arrive(**values: Any) -> Lead:
    """Committed as a whole, as it is by every entrance."""
    with transaction.atomic():
        return world.lead(**values)


def go() -> None:
    now = timezone.now()
    spread_due(now)
    send_due(now)


CALLS: list[Callable[[Any, str], Any]] = [
    lambda client, path: client.get(PATH),
    lambda client, path: client.get(path),
    lambda client, path: client.patch(path, {"name": "Store"}),
    lambda client, path: client.post(f"{path}test/"),
    lambda client, path: client.post(f"{path}rotate/"),
    lambda client, path: client.post(f"{path}end-old-secret/"),
    lambda client, path: client.post(f"{path}again/", {"since": "2026-01-01"}),
    lambda client, path: client.get(f"{path}deliveries/"),
    lambda client, path: client.get(f"{path}deliveries/{Hook.objects.latest('id').pk}/"),
    lambda client, path: client.post(f"{path}deliveries/{Hook.objects.earliest('id').pk}/again/"),
    lambda client, path: client.post(
        PATH, {"name": "B", "address": "https://b.example", "events": ["lead.closed"]}
    ),
    lambda client, path: client.delete(path),
]


@pytest.mark.parametrize("who", [*EVERYBODY, "a service that may"])
def test_sales_ops_and_services_that_may_alone(cast: Any, made: Any, peer: Any, who: str) -> None:
    arrive()
    go()
    user = getattr(cast.users, who, cast.users.service)
    if who == "a service that may":
        user.may_subscribe = True
        user.save()
    if who == "manager":
        user.may_subscribe = True  # which is for services alone
        user.save()
    statuses = [call(client_of(user), at(made)).status_code for call in CALLS]
    allowed = who in ("ops", "a service that may")
    assert statuses == ([200] * 10 + [201, 204] if allowed else [403] * 12)


def test_the_secret_is_shown_once_and_signs(made: Any, ops: Any, peer: HttpPeer) -> None:
    assert "secret" not in ops.get(at(made)).json() and "secret" not in ops.get(PATH).json()["results"][0]
    answer = ops.post(at(made, "test")).json()
    assert (answer["delivered"], answer["status"], answer["answer"]) == (True, 200, "thanks")
    headers, body = peer.calls[0]
    Webhook(made["secret"]).verify(body, headers)
    shown = ops.get(at(made, f"deliveries/{answer['delivery']}")).json()
    assert (shown["event"], shown["request"]["body"]) == ("test", body.decode())
    assert shown["request"]["headers"]["webhook-id"] == headers["webhook-id"] == shown["webhook_id"]


def test_both_secrets_sign_until_the_old_one_is_ended(made: Any, ops: Any, peer: HttpPeer) -> None:
    new = ops.post(at(made, "rotate")).json()
    assert new["secret"] != made["secret"] and new["secrets"] == 2
    ops.post(at(made, "test"))
    for secret in (new["secret"], made["secret"]):
        Webhook(secret).verify(peer.calls[0][1], peer.calls[0][0])
    assert ops.post(at(made, "end-old-secret")).json()["secrets"] == 1
    ops.post(at(made, "test"))
    assert len(peer.calls[1][0]["webhook-signature"].split()) == 1
    Webhook(new["secret"]).verify(peer.calls[1][1], peer.calls[1][0])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"address": "https://127.0.0.1/"}, "address"),
        ({"address": "http://example.com/"}, "address"),
        ({"events": []}, "events"),
        ({"events": ["lead.lost"]}, "events.0"),
        ({"campaign": "nowhere"}, "campaign"),
        ({"name": ""}, "name"),
        ({"name": "Warehouse"}, "name"),
        ({"secret": "mine"}, "secret"),
    ],
)
def test_what_cannot_be_is_refused(made: Any, ops: Any, said: dict[str, Any], field: str) -> None:
    good = {"name": "Other", "address": "https://example.com/", "events": ["lead.closed"]}
    refused = [ops.post(PATH, good | said)]
    if said.get("name") != "Warehouse":
        refused.append(ops.patch(at(made), said))
    for answer in refused:
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.content
    assert Subscription.objects.count() == 1


def test_only_what_is_named_changes(made: Any, ops: Any) -> None:
    Campaign.objects.create(key="spring", name="Spring")
    changed = ops.patch(at(made), {"campaign": "spring", "events": ["lead.closed", "lead.closed"]}).json()
    assert (changed["campaign"], changed["events"], changed["name"]) == (
        "spring",
        ["lead.closed"],
        "Warehouse",
    )
    assert ops.patch(at(made), {"campaign": None}).json()["campaign"] is None


def test_the_same_key_makes_and_tests_once(cast: Any, peer: HttpPeer) -> None:
    client = cast.client("ops")
    said = {"name": "Store", "address": peer.address, "events": ["lead.closed"]}
    one, two = (client.post(PATH, said, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert one.json() == two.json() and Subscription.objects.count() == 1
    for _ in range(2):
        client.post(at(one.json(), "test"), headers={"Idempotency-Key": "t"})
    assert len(peer.calls) == 1


class TestDeliveries:
    def test_are_found_by_state_event_and_lead(self, made: Any, ops: Any, peer: HttpPeer) -> None:
        leads = [arrive(), arrive()]
        peer.answer = lambda headers, body: (500 if b"lead.assigned" in body else 200, {})
        go()

        def kinds(**filters: Any) -> list[tuple[str, int]]:
            found = ops.get(at(made, "deliveries"), filters).json()["results"]
            return [(one["event"], one["lead"]) for one in found]

        first, second = (lead.pk for lead in leads)
        assert kinds(state="delivered") == [("lead.received", second), ("lead.received", first)]
        assert kinds(event="lead.assigned", lead=second) == [("lead.assigned", second)]
        waiting = ops.get(at(made, "deliveries"), {"state": "waiting"}).json()["results"]
        assert {(one["status"], one["error"]) for one in waiting} == {
            (500, "It answered 500 Internal Server Error.")
        }
        assert ops.get(at(made)).json()["waiting"] == 2
        assert ops.get(at(made, "deliveries"), {"of": 1}).status_code == 400

    def test_come_in_pages_at_a_constant_cost(
        self, made: Any, ops: Any, django_assert_num_queries: Any
    ) -> None:
        for _ in range(5):
            arrive()
        spread_due(timezone.now())
        path, seen = f"{at(made, 'deliveries')}?limit=4", []
        while path:
            with django_assert_num_queries(3):
                page = ops.get(path).json()
            seen += [one["id"] for one in page["results"]]
            path = page["next"]
        assert seen == list(Hook.objects.order_by("-id").values_list("pk", flat=True)) and len(seen) == 10

    def test_one_is_sent_again_under_its_id(self, made: Any, ops: Any, peer: HttpPeer) -> None:
        arrive()
        go()
        hook = Hook.objects.latest("id")
        assert ops.post(at(made, f"deliveries/{hook.pk}/again")).json()["state"] == "waiting"
        go()
        assert [headers["webhook-id"] for headers, _ in peer.calls].count(hook.key) == 2
        test = ops.post(at(made, "test")).json()["delivery"]
        assert ops.post(at(made, f"deliveries/{test}/again")).status_code == 409

    def test_of_another_webhook_are_not_found(self, made: Any, ops: Any, peer: HttpPeer) -> None:
        said = {"name": "Other", "address": peer.address, "events": ["lead.closed"]}
        other, delivery = ops.post(PATH, said).json(), ops.post(at(made, "test")).json()["delivery"]
        assert ops.get(at(other, f"deliveries/{delivery}")).status_code == 404
        assert ops.post(at(other, f"deliveries/{delivery}/again")).status_code == 404
        assert ops.get(f"{PATH}999/deliveries/").status_code == 404


def test_what_happened_while_it_was_off_is_sent_on_demand_in_order(
    made: Any, ops: Any, peer: HttpPeer
) -> None:
    before = timezone.now()
    lead = arrive()
    spread_due(timezone.now())
    off = ops.patch(at(made), {"active": False}).json()
    assert (off["state"], off["stopped"], off["waiting"]) == ("off", "Olga Ops switched it off.", 0)
    other = arrive()
    go()
    assert peer.calls == []
    since = {"since": before.isoformat()}
    refused = ops.post(at(made, "again"), since)
    assert refused.status_code == 409 and "switched off" in refused.json()["detail"]

    assert ops.patch(at(made), {"active": True}).json()["state"] == "new"
    go()
    assert peer.calls == [], "nothing is made up for by itself"
    assert ops.post(at(made, "again"), since | {"dry_run": True}).json() == {"events": 4, "dry_run": True}
    assert ops.post(at(made, "again"), since).json() == {"events": 4, "dry_run": False}
    go()
    assert peer.kinds() == ["lead.received", "lead.received", "lead.assigned", "lead.assigned"]
    told = {(hook.lead_id, hook.state) for hook in Hook.objects.all()}
    assert told == {(lead.pk, "delivered"), (other.pk, "delivered")}
    assert ops.post(at(made, "again"), since).json()["events"] == 0
    assert ops.post(at(made, "again"), since | {"delivered": True, "dry_run": True}).json()["events"] == 4
    later = {"since": (timezone.now() + timedelta(hours=1)).isoformat()}
    assert ops.post(at(made, "again"), later | {"delivered": True}).json()["events"] == 0


def test_each_leads_events_are_sent_again_in_the_order_in_which_they_happened(
    made: Any, ops: Any, peer: HttpPeer
) -> None:
    """Also when the row of an earlier one is younger, because it was missed."""
    began = timezone.now()
    arrive()
    spread_due(timezone.now())
    Hook.objects.filter(kind="lead.received").delete()  # as if it had been off at that moment
    Hook.objects.update(state="failed")
    assert ops.post(at(made, "again"), {"since": began.isoformat()}).json()["events"] == 2
    send_due(timezone.now())
    assert peer.kinds() == ["lead.received", "lead.assigned"]
    assert Hook.objects.get(kind="lead.received").pk > Hook.objects.get(kind="lead.assigned").pk


def test_of_another_campaign_and_other_events_nothing_is_sent(made: Any, ops: Any, cast: Any) -> None:
    spring = Campaign.objects.create(key="spring", name="Spring")
    began = timezone.now().isoformat()
    arrive(campaign=spring)
    arrive()
    Event.objects.update(spread_at=timezone.now())
    ask = {"since": began, "dry_run": True}
    assert ops.post(at(made, "again"), ask).json()["events"] == 4
    ops.patch(at(made), {"campaign": "spring", "events": ["lead.received"]})
    assert ops.post(at(made, "again"), ask).json()["events"] == 1
