"""Lead ads of Meta: named in a delivery, fetched from a server, one lead each."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadrouting.intake import deliveries
from leadrouting.intake.heard import Asks, Passed, Raw, Unreadable
from leadrouting.intake.models import Connection, Delivery
from leadrouting.intake.readers import meta
from leadrouting.leads.models import Lead
from tests.intake.readers.samples import as_bytes, changed, connected, hexed, post, without, work_off

TOKEN = "token-of-ours"


def names(*keys: Any) -> dict[str, Any]:
    changes = [{"field": "leadgen", "value": {"leadgen_id": key, "form_id": 1, "ad_id": 7}} for key in keys]
    return {"object": "page", "entry": [{"id": 1, "time": 1, "changes": changes}]}


def lead_of(email: str) -> dict[str, Any]:
    return {
        "created_time": "2026-01-05T08:49:14+0000",
        "id": "101",
        "ad_id": "7",
        "ad_name": "Blue",
        "campaign_name": "Spring",
        "is_organic": False,
        "platform": "ig",
        "field_data": [
            {"name": "full_name", "values": ["Anna Berg"]},
            {"name": "email", "values": [email]},
            {"name": "post_code", "values": ["10115"]},
            {"name": "which_products?", "values": ["Desks", "Chairs"]},
        ],
        "custom_disclaimer_responses": [
            {"checkbox_key": "news", "is_checked": "1"},
            {"checkbox_key": "calls", "is_checked": ""},
        ],
    }


class Peer(BaseHTTPRequestHandler):
    """What Meta's server is to us."""

    answers: dict[str, tuple[int, Any]]
    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        status, told = self.answers.get(self.path[1:].partition("?")[0], (404, {}))
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quietly."""


@pytest.fixture
def peer(settings: Any) -> Iterator[type[Peer]]:
    handler = type("OurPeer", (Peer,), {"answers": {}, "asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.META_API_URL = f"http://127.0.0.1:{server.server_port}/"
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def ads(db: None) -> Connection:
    return connected("meta", access_token=TOKEN, verify_token="hello")


def send(told: Any) -> int:
    body = as_bytes(told)
    return post("meta", body, {"X-Hub-Signature-256": f"sha256={hexed(body)}"})


@pytest.mark.usefixtures("ads")
def test_several_leads_of_one_delivery_are_fetched(peer: type[Peer]) -> None:
    peer.answers = {"101": (200, lead_of("anna@acme.example")), "102": (200, lead_of("bo@acme.example"))}
    assert send(names(101, "102")) == 200
    assert work_off().state == "done"
    assert {authorization for _, authorization in peer.asked} == {f"Bearer {TOKEN}"}
    assert all("fields=" in path and "field_data" in path for path, _ in peer.asked)
    assert set(Lead.objects.values_list("email", flat=True)) == {"anna@acme.example", "bo@acme.example"}
    lead = Lead.objects.get(email="anna@acme.example")
    assert (lead.name, lead.postal_code, lead.ad, lead.source, lead.utm_campaign, lead.channel) == (
        "Anna Berg",
        "10115",
        "Blue",
        "meta",
        "Spring",
        "ad_form",
    )
    assert lead.message == "which_products?: Desks, Chairs"
    assert lead.consent is True and lead.consent_text.endswith("news")


@pytest.mark.usefixtures("ads")
def test_redelivered_it_is_fetched_and_not_repeated(peer: type[Peer]) -> None:
    peer.answers = {"101": (200, lead_of("anna@acme.example"))}
    for _ in range(2):
        send(names(101))
        assert work_off().state == "done"
    assert Lead.objects.get().activities.count() == 0


@pytest.mark.usefixtures("ads")
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((500, b"oops"), "answered 500"),
        ((400, {"error": {"code": 190, "message": f"Bad {TOKEN}"}}), "has run out or was withdrawn"),
        ((400, {"error": {"code": 100, "message": TOKEN}}), "answered 400 (error 100)"),
        ((200, b"<html>"), "could not be asked"),
        ((200, []), "no “field_data”"),
    ],
)
def test_what_cannot_be_fetched_is_tried_again(
    peer: type[Peer], caplog: pytest.LogCaptureFixture, answer: Any, said: str
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.answers = {"101": answer}
    send(names(101))
    delivery = work_off()
    assert delivery.state == "received" and said in delivery.reason
    assert delivery.work_at is not None and delivery.work_at > timezone.now()
    assert TOKEN not in delivery.reason + caplog.text
    assert not Lead.objects.exists()
    peer.answers = {"101": (200, lead_of("anna@acme.example"))}
    deliveries.work_off_due(timezone.now() + timedelta(seconds=15))
    assert Lead.objects.get().email == "anna@acme.example"


@pytest.mark.usefixtures("ads")
def test_nobody_answers(settings: Any) -> None:
    settings.META_API_URL = "http://127.0.0.1:9"
    send(names(101))
    assert "could not be asked for 101" in work_off().reason


@pytest.mark.usefixtures("ads")
def test_unsigned_and_changed() -> None:
    body = as_bytes(names(101))
    signed = {"X-Hub-Signature-256": f"sha256={hexed(body)}"}
    assert [post("meta", one, signed) for one in changed(body)] == [401] * 3
    assert post("meta", body, {}) == 401
    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("ads")
def test_the_address_is_verified() -> None:
    asks = {"hub.mode": "subscribe", "hub.challenge": "1158", "hub.verify_token": "hello"}
    answer = Client().get("/intake/meta/", asks)
    assert (answer.status_code, answer.content) == (200, b"1158")
    assert Client().get("/intake/meta/", asks | {"hub.verify_token": "other"}).status_code == 403


def test_tests_and_other_changes_are_passed_over() -> None:
    test = {"field_data": [{"name": "email", "values": ["<test lead: dummy data for email>"]}]}
    (heard,) = meta.read(Raw(as_bytes(names(101))), {}, {"101": test})
    assert isinstance(heard, Passed)
    told = {"object": "page", "entry": [{"changes": [{"field": "feed", "value": {}}]}]}
    assert meta.read(Raw(as_bytes(told)), {}, {}) == []


def test_whatever_is_missing() -> None:
    for one in without(names(101)):
        with contextlib.suppress(Unreadable):
            heard = meta.read(Raw(as_bytes(one)), {}, {})
            assert all(isinstance(each, Asks) for each in heard)
    for one in without(lead_of("anna@acme.example")):
        meta.read(Raw(as_bytes(names(101))), {}, {"101": one})
