"""A chat message in words: what was written, or what was sent instead, in brackets. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from leadrouting.intake.readers.reading import part, rows, text

Message = Mapping[str, Any]


def words(message: Message) -> str:
    kind = text(message.get("type"))
    known = KINDS.get(kind)
    return (
        known(message) if known else ""
    ) or f"({SENT.get(kind, 'a message that WhatsApp does not pass on')})"


def media(message: Message) -> str:
    kind = text(message.get("type"))
    told = message.get(kind)
    if kind == "audio" and part(told, "voice") is True:
        return "(a voice message)"
    file = text(part(told, "filename"))
    sent = f"({SENT[kind]}{f': {file}' if file else ''})"
    return " ".join(filter(None, [text(part(told, "caption")), sent]))


def interactive(message: Message) -> str:
    told = message.get("interactive")
    for kind in ("button_reply", "list_reply"):
        if title := text(part(told, kind, "title")):
            return title
    return filled_in(text(part(told, "nfm_reply", "response_json"))) or text(part(told, "nfm_reply", "body"))


def filled_in(answer: str) -> str:
    """The answers of a form that was filled in inside the chat."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(told, dict):
        return ""
    said = {name: listed(value) for name, value in told.items() if name != "flow_token"}
    return "\n".join(f"{name}: {value}" for name, value in said.items() if value)


def listed(value: Any) -> str:
    return ", ".join(filter(None, map(text, value))) if isinstance(value, list) else text(value)


def place(message: Message) -> str:
    told = message.get("location")
    point = ", ".join(filter(None, (text(part(told, name)) for name in ("latitude", "longitude"))))
    said = [text(part(told, "name")), text(part(told, "address")), point]
    return f"(a place: {'; '.join(filter(None, said))})"


def cards(message: Message) -> str:
    return "\n".join(f"(a contact card: {', '.join(card(one))})" for one in rows(message.get("contacts")))


def card(told: Message) -> list[str]:
    names = [text(part(told, "name", "formatted_name")), text(part(told, "org", "company"))]
    reached = [text(one.get("phone")) for one in rows(told.get("phones"))]
    return [*filter(None, [*names, *reached, *(text(one.get("email")) for one in rows(told.get("emails")))])]


def order(message: Message) -> str:
    told = message.get("order")
    wanted = [
        f"{text(one.get('quantity'))} × {text(one.get('product_retailer_id'))}"
        for one in rows(part(told, "product_items"))
    ]
    return "\n".join(filter(None, [text(part(told, "text")), f"(an order: {', '.join(wanted)})"]))


def edited(message: Message) -> str:
    now = part(message, "edit", "message")
    inner = words(now) if isinstance(now, dict) and now.get("type") != "edit" else ""
    return f"(an earlier message, changed) {inner}".strip()


SENT = {
    "image": "an image",
    "video": "a video",
    "audio": "a recording",
    "document": "a document",
    "sticker": "a sticker",
    "interactive": "an answer that WhatsApp could not pass on",
}
KINDS: Mapping[str, Callable[[Message], str]] = {
    "text": lambda message: text(part(message, "text", "body")),
    "button": lambda message: text(part(message, "button", "text")),
    "interactive": interactive,
    **dict.fromkeys(("image", "video", "audio", "document", "sticker"), media),
    "location": place,
    "contacts": cards,
    "order": order,
    "edit": edited,
}
