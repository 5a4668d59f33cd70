"""What arrives is stored, acknowledged, worked off once, and kept when it is not understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from leadrouting.intake import deliveries
from leadrouting.intake.heard import Raw
from leadrouting.intake.models import Connection, Delivery, Item
from leadrouting.leads.models import Campaign, Lead

SAYS = {
    "lead_id": "lead-1",
    "google_key": "our-key",
    "gcl_id": "click-1",
    "user_column_data": [
        {"column_id": "FULL_NAME", "string_value": "Anna Berg"},
        {"column_id": "EMAIL", "string_value": "anna@acme.example"},
        {"column_id": "What do you need?", "string_value": "Twenty seats"},
    ],
}
Post = Callable[..., Any]


@pytest.fixture
def google(db: None) -> Connection:
    campaign = Campaign.objects.create(key="spring", name="Spring", source="google", medium="cpc")
    return Connection.objects.create(
        kind="google", name="Ads", key="ads", secret="our-key", campaign=campaign
    )


def post(told: Any, path: str = "/intake/google/") -> Any:
    body = told if isinstance(told, (str, bytes)) else json.dumps(told)
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json")


def work_off() -> Delivery:
    delivery = Delivery.objects.latest("pk")
    deliveries.work_off(delivery.pk, timezone.now())
    delivery.refresh_from_db()
    return delivery


def test_it_is_stored_and_acknowledged_before_it_is_understood(google, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(SAYS)
    assert (answer.status_code, answer.json()) == (200, {})
    delivery = Delivery.objects.get()
    assert delivery.state == "received" and json.loads(bytes(delivery.body)) == SAYS
    assert not Lead.objects.exists()
    assert [task.func() for task in OrmQ.objects.all()] == ["leadrouting.intake.tasks.work_off"]


def test_it_becomes_a_lead(google):
    post(SAYS)
    delivery = work_off()
    lead = Lead.objects.get()
    assert delivery.state == "done" and delivery.work_at is None
    assert (lead.name, lead.email, lead.campaign, lead.source) == (
        "Anna Berg",
        "anna@acme.example",
        google.campaign,
        "google",
    )
    assert lead.click_ids == {"gclid": "click-1"}
    assert lead.message == "What do you need?: Twenty seats"
    assert [(item.key, item.outcome, item.lead) for item in delivery.items.all()] == [
        ("lead-1", "created", lead)
    ]


def test_what_comes_twice_happens_once(google):
    for _ in range(2):
        post(SAYS)
        assert work_off().state == "done"
    assert Delivery.objects.count() == 2
    assert Lead.objects.get().activities.count() == 0
    assert Item.objects.count() == 1


def test_a_wrong_signature_leaves_no_lead_and_is_counted(google):
    answer = post(SAYS | {"google_key": "another"})
    assert (answer.status_code, answer.json()) == (401, {"detail": "The signature is wrong or missing."})
    assert not Delivery.objects.exists()
    google.refresh_from_db()
    assert google.refused == 1 and google.refused_at is not None


def test_both_secrets_are_believed_while_they_are_changed(google):
    google.secret, google.old_secret = "new-key", "our-key"
    google.save()
    assert [post(SAYS | {"google_key": key}).status_code for key in ("our-key", "new-key", "")] == [
        200,
        200,
        401,
    ]


def test_an_address_of_its_own_and_none(google):
    assert post(SAYS, "/intake/google/ads/").status_code == 200
    assert post(SAYS, "/intake/google/other/").status_code == 404
    google.is_active = False
    google.save()
    assert post(SAYS).status_code == 404


def test_too_much_is_refused(google):
    answer = post(SAYS | {"filling": "x" * 1_000_001})
    assert (answer.status_code, answer.json()) == (413, {"detail": "A delivery may have 1,000,000 bytes."})


def test_what_is_not_understood_waits_for_a_person_who_mends_it(google):
    told = {**SAYS, "lead_id": ""}
    post(told)
    delivery = work_off()
    assert (delivery.state, delivery.reason) == (
        "failed",
        "There is no “lead_id”, by which Google names a lead.",
    )
    deliveries.run_again(delivery.pk, timezone.now(), json.dumps(SAYS))
    assert work_off().state == "done"
    assert Lead.objects.get().name == "Anna Berg"


def test_a_bad_value_is_told_and_can_be_mended(google):
    told = {"lead_id": "lead-2", "google_key": "our-key", "user_column_data": []}
    post(told)
    delivery = work_off()
    assert delivery.state == "failed" and "at least one of" in delivery.reason
    assert Item.objects.get().outcome == "failed"
    deliveries.run_again(delivery.pk, timezone.now(), json.dumps(SAYS | {"lead_id": "lead-2"}))
    assert work_off().state == "done"
    assert Item.objects.get().outcome == "created"


def test_a_test_is_passed_over(google):
    post(SAYS | {"is_test": True})
    assert work_off().state == "done"
    assert not Lead.objects.exists()
    assert Item.objects.get().reason == "A test that Google sent."


def test_a_worker_that_died_leaves_it_to_the_next(google):
    post(SAYS)
    delivery, now = Delivery.objects.get(), timezone.now()
    assert deliveries.claimed(delivery.pk, now) is not None  # and then it died
    assert deliveries.work_off_due(now) == 0
    assert deliveries.work_off_due(now + deliveries.LEASE) == 1
    assert Lead.objects.count() == 1


def test_what_fails_on_our_side_is_tried_again_and_then_waits(google, monkeypatch):
    monkeypatch.setattr(
        "leadrouting.intake.deliveries.act_on", lambda *_: 1 / 0
    )  # a fault that nobody foresaw
    post(SAYS)
    now, gaps = timezone.now(), []
    for _ in range(len(deliveries.PAUSES)):
        deliveries.work_off_due(now)
        due = Delivery.objects.get().work_at
        gaps.append(due - now)
        now = due
    assert gaps == deliveries.PAUSES
    deliveries.work_off_due(now)
    assert Delivery.objects.get().state == "failed"


def test_any_bytes_are_kept(google):
    for body in (b"", b"\xff\xfe\x00", b"[]", b"null", b'{"lead_id": "\\u0000"}'):
        assert post(body).status_code == 401
        deliveries.store(Raw(body), kind="google", now=timezone.now(), connection=google)
        delivery = work_off()
        assert delivery.state == "failed" and delivery.reason


@pytest.mark.django_db(transaction=True)
def test_the_same_enquiry_in_deliveries_at_the_same_instant_is_one_lead():
    google = Connection.objects.create(kind="google", name="Ads", key="ads", secret="our-key")
    raw, now = Raw(json.dumps(SAYS).encode()), timezone.now()
    keys = [deliveries.store(raw, kind="google", now=now, connection=google).pk for _ in range(12)]

    def work(pk: int) -> None:
        try:
            deliveries.work_off(pk, now + timedelta(seconds=1))
        finally:
            database.close()

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(work, keys * 2))
    assert Lead.objects.count() == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert Lead.objects.get().activities.count() == 0


def test_a_verify_token_is_asked_for_only_where_there_is_one(google):
    assert Client().get("/intake/google/").status_code == 405
