"""WhatsApp Cloud API: messages of people, several in a delivery. What becomes of our own messages is passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadrouting.intake.heard import Heard, Passed, Raw, Unreadable, Wrote
from leadrouting.intake.readers.chatting import words
from leadrouting.intake.readers.reading import document, part, rows, text
from leadrouting.intake.readers.signatures import is_signed_hex
from leadrouting.leads.enums import Channel

PASSED = {
    "reaction": "A reaction to a message.",
    "revoke": "A message was taken back.",
    "system": "WhatsApp says that a number or an identity has changed.",
    "request_welcome": "Somebody opened the chat and has not written yet.",
}


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    return is_signed_hex(raw, secrets, "x-hub-signature-256", "sha256=")


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    told = document(raw)
    if told.get("object") != "whatsapp_business_account":
        raise Unreadable("“object” should be “whatsapp_business_account”: this comes from something else.")
    changes = [one for entry in rows(told.get("entry")) for one in rows(entry.get("changes"))]
    return [
        heard(message, change["value"])
        for change in changes
        if isinstance(change.get("value"), dict)
        for message in rows(change["value"].get("messages"))
    ]


def heard(message: Mapping[str, Any], value: Mapping[str, Any]) -> Heard:
    key, kind = text(message.get("id")), text(message.get("type"))
    if not key:
        raise Unreadable("There is a message without “id”, by which WhatsApp names it.")
    if kind in PASSED:
        return Passed(key, text(part(message, "system", "body")) or PASSED[kind])
    who = sender(message, rows(value.get("contacts")))
    values = {"channel": Channel.WHATSAPP, **who, "message": words(message), **origin(message)}
    return Wrote(key, values)


def sender(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Who hides the number is known by an id of WhatsApp's."""
    number, user = text(message.get("from")), text(message.get("from_user_id"))
    theirs = [
        one
        for one in contacts
        if (number and text(one.get("wa_id")) == number) or (user and text(one.get("user_id")) == user)
    ]
    name = next((found for one in theirs if (found := text(part(one, "profile", "name")))), "")
    if number:
        return {"name": name[:120], "phone": f"+{number.removeprefix('+')}"}
    if user:
        return {"name": name[:120], "external_id": f"whatsapp:{user}"[:120]}
    raise Unreadable("There is a message without “from”: nobody knows who wrote it.")


def origin(message: Mapping[str, Any]) -> dict[str, Any]:
    """The ad that somebody clicked to write to us."""
    referral = message.get("referral")
    if not isinstance(referral, dict):
        return {}
    clicked = text(referral.get("ctwa_clid"))
    return {
        "source": "meta",
        "medium": text(referral.get("source_type"))[:60],
        "ad": text(referral.get("source_id"))[:120],
        "landing_page": text(referral.get("source_url"))[:500],
        **({"click_ids": {"ctwa_clid": clicked[:500]}} if clicked else {}),
    }
