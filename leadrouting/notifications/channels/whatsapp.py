"""WhatsApp's Cloud API, to prospects: in our words within a day after they wrote, else by a template that was approved.

The address comes from the settings, which are trusted: it is called wherever it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from leadrouting.common.outside import Answer, Guard, NoAnswer, Refused, post
from leadrouting.notifications.channels.base import Begin, Channel, Later, Undeliverable, Unsure
from leadrouting.notifications.models import Dispatch

TOO_LATE = 131047
"""More than 24 hours have passed since they wrote."""
BUSY = frozenset({2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004})
OURS = frozenset({0, 3, 10, 190, 368, 130497, 131005, 131031, 131042, 131045, 133010, *range(200, 300)})
"""Something is wrong with our account or its token."""
SAID: Mapping[int, str] = {
    100: "WhatsApp does not take this number or message.",
    TOO_LATE: "More than 24 hours have passed since they wrote by WhatsApp, and there is no approved template.",
    130472: "WhatsApp keeps this message from this number.",
    131026: "This number cannot be reached by WhatsApp.",
    131030: "This number is not among those that the test account may write to.",
    131050: "They have told WhatsApp that they do not want such messages.",
    132000: "The approved template wants another number of values: check the workflow’s texts.",
    132001: "There is no approved template of this name in this language: check the workflow’s texts.",
    132015: "WhatsApp has paused the template.",
    132016: "WhatsApp has switched the template off.",
}
MEND = timedelta(minutes=15)
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What to try in turn. `is_last`: there is no other way to reach them."""

    payloads: Sequence[Payload]
    is_last: bool


class WhatsApp(Channel):
    name = "whatsapp"
    label = "WhatsApp"
    has_one_peer = True

    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, Parcel]:
        return {one.pk: parcel(one) for one in batch}

    def send(self, dispatch: Dispatch, parcel: Parcel, begin: Begin) -> str:
        if not (settings.WHATSAPP_TOKEN and settings.WHATSAPP_PHONE_ID):
            raise Undeliverable("WhatsApp is not set up: WHATSAPP_TOKEN and WHATSAPP_PHONE_ID are missing.")
        once = Once(begin)
        for payload in parcel.payloads:
            answer = called(payload, once)
            code = code_of(answer)
            if 200 <= answer.status < 300:
                return name_of(answer)
            if code != TOO_LATE:
                raise refusal(answer, code, is_last=parcel.is_last)
        raise Undeliverable(SAID[TOO_LATE])


class Once:
    """An answer that it was not taken is sure: what is tried after it needs no new beginning."""

    def __init__(self, begin: Begin) -> None:
        self.begin, self.has_begun = begin, False

    def __call__(self) -> None:
        if not self.has_begun:
            self.begin()
            self.has_begun = True


def parcel(one: Dispatch) -> Parcel:
    to = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": one.address.removeprefix("+"),
    }
    other = one.message.other_ways
    payloads: list[Payload] = []
    if other.get("they_wrote"):
        payloads.append(to | {"type": "text", "text": {"preview_url": False, "body": one.message.body}})
    if approved := other.get("approved"):
        values = [{"type": "text", "text": value} for value in approved["values"]]
        parts = {"components": [{"type": "body", "parameters": values}]} if values else {}
        named = {"name": approved["name"], "language": {"code": approved["language"]}, **parts}
        payloads.append(to | {"type": "template", "template": named})
    return Parcel(payloads, is_last=not other.get("left"))


def called(payload: Payload, begin: Once) -> Answer:
    """Raises Unsure when it may have arrived, OSError when nobody was there."""
    base = settings.WHATSAPP_API_URL.rstrip("/")
    headers = {"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}", "Content-Type": "application/json"}
    trusted = Guard(trusted=frozenset({(urlsplit(base).hostname or "").lower()}))
    try:
        return post(
            f"{base}/{settings.WHATSAPP_PHONE_ID}/messages",
            json.dumps(payload).encode(),
            headers,
            by=trusted,
            ready=begin,
        )
    except Refused as error:
        raise Undeliverable(f"WHATSAPP_API_URL cannot be called: {error}") from error
    except NoAnswer as error:
        if begin.has_begun:
            raise Unsure(f"WhatsApp went silent: {error}") from error
        raise ConnectionError(str(error)) from error


def told(answer: Answer) -> Mapping[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def code_of(answer: Answer) -> int | None:
    error = told(answer).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else None


def name_of(answer: Answer) -> str:
    found = told(answer).get("messages")
    first = found[0] if isinstance(found, list) and found else None
    name = first.get("id") if isinstance(first, dict) else ""
    return name if isinstance(name, str) else ""


def refusal(answer: Answer, code: int | None, *, is_last: bool) -> Exception:
    """WhatsApp's own words are not repeated: they may hold the token."""
    said = SAID.get(code or 0, f"WhatsApp answered {answer.status}" + (f", error {code}." if code else "."))
    if code in OURS or answer.status in (401, 403):
        said = f"WhatsApp does not let us in (error {code or answer.status}): check WHATSAPP_TOKEN and the account."
        return Later(said, MEND) if is_last else Undeliverable(said)
    if code in BUSY or answer.status == 429:
        return Later(said)
    if answer.status >= 500 or answer.status < 400:
        return Unsure(said)
    return Undeliverable(said)
