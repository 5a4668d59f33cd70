"""HubSpot: one filled-in form a delivery, signed in one of the ways that HubSpot has had (v1, v2, v3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from leadrouting.intake.attribution import attributed
from leadrouting.intake.heard import Enquired, Heard, Raw, Unreadable
from leadrouting.intake.readers.reading import answered, document, is_one_of, rows, text
from leadrouting.intake.readers.signatures import in_base64, is_fresh
from leadrouting.intake.synonyms import of_questions
from leadrouting.leads.enums import Channel


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    """Whoever sends the newest way of signing has to be right in it."""
    if given := raw.headers.get("x-hubspot-signature-v3"):
        stamp = raw.headers.get("x-hubspot-request-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and is_fresh(raw, int(stamp) / 1000)):
            return False
        return any(is_one_of(given, [in_base64(one, told) for told in signed(raw, stamp)]) for one in secrets)
    given = raw.headers.get("x-hubspot-signature", "")
    before = f"{raw.method}{raw.address}" if raw.headers.get("x-hubspot-signature-version") == "v2" else ""
    return is_one_of(given, [sha256(f"{one}{before}".encode() + raw.body).hexdigest() for one in secrets])


def signed(raw: Raw, stamp: str) -> list[bytes]:
    """Method, address, body and time; HubSpot writes the address out before it signs."""
    return [
        f"{raw.method}{address}".encode() + raw.body + stamp.encode()
        for address in (raw.address, unquote(raw.address))
    ]


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    told = document(raw)
    answers = [(text(one.get("name")), text(one.get("value"))) for one in rows(told.get("values"))]
    if not any(answer for _, answer in answers):
        raise Unreadable("There are no “values”: HubSpot sends a form's answers in them.")
    values = {
        **attributed({"landing_page": text(told.get("pageUrl"))}),
        **answered(answers, mapping, of_questions()),
    }
    return [Enquired(key_of(told, answers), {"channel": Channel.WEB_FORM, **values})]


def key_of(told: Mapping[str, Any], answers: Sequence[tuple[str, str]]) -> str:
    """HubSpot's own where it sends one, else when it was sent and what."""
    if own := text(told.get("conversionId")):
        return own
    return f"{text(told.get('submittedAt'))}:{sha256(repr(sorted(answers)).encode()).hexdigest()[:32]}"
