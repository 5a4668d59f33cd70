"""Filled-in forms of Typeform."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from leadrouting.intake.heard import Enquired, Passed, Raw, Unreadable
from leadrouting.intake.models import Delivery
from leadrouting.intake.readers import typeform
from leadrouting.leads.models import Lead
from tests.intake.readers.samples import as_bytes, based, changed, connected, post, without, work_off

ASKED = [
    ("f1", "short_text", "What is your name?", "full_name", {"type": "text", "text": "Anna Berg"}),
    ("f2", "email", "Where can we write to?", "r2", {"type": "email", "email": "anna@acme.example"}),
    (
        "f3",
        "phone_number",
        "Your number?",
        "r3",
        {"type": "phone_number", "phone_number": "+4915112345678"},
    ),
    ("f4", "multiple_choice", "Which town?", "r4", {"type": "choice", "choice": {"label": "Köln"}}),
    (
        "f5",
        "picture_choice",
        "Which products?",
        "r5",
        {"type": "choices", "choices": {"labels": ["Desks", "Chairs"], "other": "Lamps"}},
    ),
    ("f6", "yes_no", "A new office?", "r6", {"type": "boolean", "boolean": False}),
    ("f7", "number", "How many?", "r7", {"type": "number", "number": 40}),
    ("f8", "date", "By when?", "r8", {"type": "date", "date": "2026-03-01"}),
    ("f9", "website", "Your site?", "r9", {"type": "url", "url": "https://acme.example"}),
    ("f10", "file_upload", "A plan?", "r10", {"type": "file_url", "file_url": "https://files.example/1"}),
    ("f11", "payment", "A deposit?", "r11", {"type": "payment", "payment": {"amount": "$50"}}),
]
SAYS: dict[str, Any] = {
    "event_id": "e1",
    "event_type": "form_response",
    "form_response": {
        "token": "token-1",
        "calculated": {"score": 9},
        "hidden": {"utm_source": "news", "gclid": "click-1", "company": "Acme"},
        "definition": {
            "fields": [
                {"id": key, "type": kind, "title": title, "ref": ref} for key, kind, title, ref, _ in ASKED
            ]
        },
        "answers": [{**answer, "field": {"id": key, "type": kind}} for key, kind, _, _, answer in ASKED],
    },
}


def send(told: Any) -> int:
    body = as_bytes(told)
    return post("typeform", body, {"Typeform-Signature": f"sha256={based(body)}"})


def test_answers_of_every_kind(db: None) -> None:
    connected("typeform", mapping={"Which town?": "city", "r7": "company_size"})
    for _ in range(2):  # redelivered
        assert send(SAYS) == 200
        assert work_off().state == "done"
    lead = Lead.objects.get()
    assert lead.activities.count() == 0
    assert (lead.name, lead.email, lead.phone, lead.city, lead.company, lead.company_size) == (
        "Anna Berg",
        "anna@acme.example",
        "+4915112345678",
        "Köln",
        "Acme",
        40,
    )
    assert (lead.utm_source, lead.click_ids, lead.channel) == ("news", {"gclid": "click-1"}, "web_form")
    assert lead.message.splitlines() == [
        "Which products?: Desks, Chairs, Lamps",
        "A new office?: no",
        "By when?: 2026-03-01",
        "Your site?: https://acme.example",
        "A plan?: https://files.example/1",
        "A deposit?: $50 paid",
        "Score on Typeform: 9",
    ]


def test_unsigned_and_changed(db: None) -> None:
    connected("typeform")
    body = as_bytes(SAYS)
    signed = {"Typeform-Signature": f"sha256={based(body)}"}
    assert [post("typeform", one, signed) for one in changed(body)] == [401] * 3
    assert post("typeform", body, {}) == 401
    assert not Delivery.objects.exists()


def test_a_form_that_was_only_begun_is_passed_over() -> None:
    told = {**SAYS, "event_type": "form_response_partial"}
    (heard,) = typeform.read(Raw(as_bytes(told)), {}, {})
    assert isinstance(heard, Passed)


@pytest.mark.parametrize("mapping", [{}, {"Which town?": "city"}], ids=["plain", "mapped"])
def test_whatever_is_missing(mapping: dict[str, str]) -> None:
    for one in without(SAYS):
        with contextlib.suppress(Unreadable):
            (heard,) = typeform.read(Raw(as_bytes(one)), mapping, {})
            assert isinstance(heard, (Enquired, Passed))
