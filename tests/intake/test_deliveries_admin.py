"""Connections and deliveries in the admin."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadrouting.intake import deliveries
from leadrouting.intake.heard import Raw
from leadrouting.intake.models import Connection, Delivery
from leadrouting.leads.models import Lead
from tests import world

CONNECTIONS, DELIVERIES = "/admin/intake/connection/", "/admin/intake/delivery/"
SAYS = {
    "lead_id": "1",
    "user_column_data": [{"column_id": "EMAIL", "string_value": "anna@acme.example"}],
    "note": "<script>alert(1)</script>",
}


@pytest.fixture
def ops(client: Client, db: None) -> Client:
    client.force_login(world.user(role="ops", is_staff=True))
    return client


@pytest.fixture
def google(db: None) -> Connection:
    return Connection.objects.create(kind="google", name="Ads", key="ads", secret="our-secret-key")


def given(**values: str) -> dict[str, str]:
    asked = {"kind": "google", "name": "Ads", "key": "ads", "campaign": "", "is_active": "on", "mapping": ""}
    return {**asked, "secret": "", "old_secret": "", "verify_token": "", "access_token": "", **values}


def failed(google: Connection, told: Any = None) -> Delivery:
    body = json.dumps(told or SAYS | {"lead_id": ""}).encode()
    one = deliveries.store(Raw(body), kind="google", now=timezone.now(), connection=google)
    deliveries.work_off(one.pk, timezone.now())
    one.refresh_from_db()
    return one


def test_a_system_is_connected(ops: Client) -> None:
    answer = ops.post(f"{CONNECTIONS}add/", given(mapping="Team size = company_size"))
    assert answer.status_code == 200 and not Connection.objects.exists()
    ops.post(f"{CONNECTIONS}add/", given(secret="our-secret-key", mapping="Team size = company_size"))
    one = Connection.objects.get()
    assert (one.secret, one.mapping) == ("our-secret-key", {"Team size": "company_size"})


def test_secrets_are_not_shown_and_stay(ops: Client, google: Connection) -> None:
    page = ops.get(f"{CONNECTIONS}{google.pk}/change/").content.decode()
    assert "our-secret-key" not in page and "/intake/google/ads/" in page
    ops.post(f"{CONNECTIONS}{google.pk}/change/", given(name="New", old_secret="before"))
    google.refresh_from_db()
    assert (google.name, google.secret, google.old_secret) == ("New", "our-secret-key", "before")
    ops.post(f"{CONNECTIONS}{google.pk}/change/", given(old_secret="-"))
    google.refresh_from_db()
    assert (google.secret, google.old_secret) == ("our-secret-key", "")
    assert (
        "no field" in ops.post(f"{CONNECTIONS}{google.pk}/change/", given(mapping="A = b")).content.decode()
    )


def test_what_was_not_understood_is_mended(ops: Client, google: Connection) -> None:
    one = failed(google)
    page = ops.get(f"{DELIVERIES}{one.pk}/change/").content.decode()
    assert "There is no “lead_id”" in page and "<script>alert(1)" not in page
    ops.post(f"{DELIVERIES}{one.pk}/change/", {"text": json.dumps(SAYS)})
    deliveries.work_off(one.pk, timezone.now())
    one.refresh_from_db()
    assert one.state == "done" and Lead.objects.get().email == "anna@acme.example"
    assert "A new lead" in ops.get(DELIVERIES).content.decode()


def test_one_is_run_again_or_set_aside_on_its_page(ops: Client, google: Connection) -> None:
    one = failed(google)
    assert "1 delivery was not understood" in ops.get("/admin/").content.decode()
    page = ops.get(f"{DELIVERIES}{one.pk}/change/").content.decode()
    for what, state in (("set_this_aside", "dismissed"), ("run_this_again", "received")):
        name = f"intake_delivery_{what}"
        assert f'name="{name}"' in page
        ops.post(f"{DELIVERIES}{one.pk}/change/", {"text": json.dumps(SAYS), name: "1"})
        one.refresh_from_db()
        assert one.state == state
    assert one.mended == json.dumps(SAYS)
    assert "not understood" not in ops.get("/admin/").content.decode()


def test_many_are_run_again_or_set_aside(ops: Client, google: Connection) -> None:
    one, other = failed(google), failed(google, SAYS)
    assert other.state == "done"
    chosen = {"_selected_action": [one.pk, other.pk]}
    ops.post(DELIVERIES, {**chosen, "action": "set_aside"})
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dismissed", "done"}
    ops.post(DELIVERIES, {**chosen, "action": "again"})
    assert set(Delivery.objects.values_list("state", flat=True)) == {"received"}


def test_the_list_asks_no_more_for_more(
    ops: Client, google: Connection, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        failed(google, SAYS | {"lead_id": str(number)})
    with django_assert_max_num_queries(12):
        ops.get(DELIVERIES)


@pytest.mark.parametrize("role", ["rep", "manager"])
def test_for_sales_ops_only(client: Client, google: Connection, role: str) -> None:
    client.force_login(world.user(role=role))
    for path in (CONNECTIONS, DELIVERIES, f"{CONNECTIONS}{google.pk}/change/"):
        assert client.get(path).status_code in (302, 403)


def test_they_are_forgotten_after_ninety_days(google: Connection) -> None:
    one, other = failed(google, SAYS), failed(google)
    now = timezone.now() + timedelta(days=89)
    assert deliveries.forget(now) == 0
    assert deliveries.forget(now + timedelta(days=2)) == 1
    assert list(Delivery.objects.all()) == [other] and one.pk != other.pk
    assert Lead.objects.count() == 1
