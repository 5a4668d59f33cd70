"""Filled-in forms of HubSpot, and its three ways to sign."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from leadrouting.intake.heard import Enquired, Raw, Unreadable
from leadrouting.intake.models import Delivery
from leadrouting.intake.readers import hubspot
from leadrouting.leads.models import Lead
from tests.intake.readers.samples import SECRET, as_bytes, based, changed, connected, post, without, work_off

SAYS: dict[str, Any] = {
    "submittedAt": 1760000000000,
    "values": [
        {"name": "email", "value": "anna@acme.example", "objectTypeId": "0-1"},
        {"name": "firstname", "value": "Anna", "objectTypeId": "0-1"},
        {"name": "lastname", "value": "Berg", "objectTypeId": "0-1"},
        {"name": "numemployees", "value": "40"},
        {"name": "what_do_you_need", "value": "Desks"},
    ],
    "pageUrl": "https://www.acme.example/desks?utm_source=news&gclid=click-1",
}
HERE = "http://testserver/intake/hubspot/"


def v1(body: bytes) -> dict[str, str]:
    return {"X-HubSpot-Signature": sha256(SECRET.encode() + body).hexdigest()}


def v2(body: bytes, address: str = HERE) -> dict[str, str]:
    signed = sha256(f"{SECRET}POST{address}".encode() + body).hexdigest()
    return {"X-HubSpot-Signature": signed, "X-HubSpot-Signature-Version": "v2"}


def v3(body: bytes, ago: float = 0, address: str = HERE) -> dict[str, str]:
    stamp = str(int((time.time() - ago) * 1000))
    return {
        "X-HubSpot-Signature-v3": based(f"POST{address}".encode() + body + stamp.encode()),
        "X-HubSpot-Request-Timestamp": stamp,
    }


@pytest.mark.parametrize("signed", [v1, v2, v3])
def test_a_form_is_a_lead(db: None, signed: Any) -> None:
    connected("hubspot")
    body = as_bytes(SAYS)
    for _ in range(2):  # redelivered
        assert post("hubspot", body, signed(body)) == 200
        assert work_off().state == "done"
    lead = Lead.objects.get()
    assert lead.activities.count() == 0
    assert (lead.name, lead.email, lead.company_size, lead.message) == (
        "Anna Berg",
        "anna@acme.example",
        40,
        "what_do_you_need: Desks",
    )
    assert (lead.utm_source, lead.click_ids) == ("news", {"gclid": "click-1"})


@pytest.mark.parametrize("signed", [v1, v2, v3])
def test_unsigned_and_changed(db: None, signed: Any) -> None:
    connected("hubspot")
    body = as_bytes(SAYS)
    assert [post("hubspot", one, signed(body)) for one in changed(body)] == [401] * 3
    assert post("hubspot", body, {}) == 401
    assert not Delivery.objects.exists()


def test_stale_deliveries_and_other_addresses_are_refused(db: None) -> None:
    connected("hubspot")
    body = as_bytes(SAYS)
    given = [v3(body, ago=301), v3(body, ago=-302), v3(body, address=f"{HERE}x"), v2(body, f"{HERE}x")]
    given += [{**v3(body), "X-HubSpot-Request-Timestamp": stamp} for stamp in ("", "soon", "9" * 40, "١٢")]
    given += [{**v1(body), "X-HubSpot-Signature-v3": "wrong"}]
    for one in given:
        assert post("hubspot", body, {name: value for name, value in one.items() if value.isascii()}) == 401


def test_a_signed_address_with_escapes() -> None:
    stamp, body, at = "1760000000000", b"{}", datetime.fromtimestamp(1760000000, UTC)
    written = "https://here.example/a?b=c d:e"
    headers = {
        "x-hubspot-signature-v3": based(f"POST{written}".encode() + body + stamp.encode()),
        "x-hubspot-request-timestamp": stamp,
    }
    raw = Raw(body, headers=headers, address="https://here.example/a?b=c%20d%3Ae", at=at)
    assert hubspot.is_authentic(raw, [SECRET])
    assert not hubspot.is_authentic(
        Raw(body, headers=headers, address=raw.address, at=at + timedelta(minutes=6)), [SECRET]
    )


def test_whatever_is_missing() -> None:
    for one in without(SAYS):
        with contextlib.suppress(Unreadable):
            (heard,) = hubspot.read(Raw(as_bytes(one)), {}, {})
            assert isinstance(heard, Enquired)
