"""What a form says, in whichever way it is sent -> fields of a lead. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qsl

from leadrouting.intake.attribution import TOLD, attributed
from leadrouting.intake.heard import Raw, Unreadable
from leadrouting.intake.readers.reading import answered, plain, text
from leadrouting.intake.synonyms import of_questions
from leadrouting.leads.normalise import storable

TRAP = "website_address"
"""A field that people do not see. Whoever fills it in is a machine."""
KEY = "_key"
"""Names one sending of a form: sent twice it counts once."""
CONSENT = "consent"
MOST_FIELDS = 200
YES = {"yes", "on", "true", "1", "y", "ja", "oui", "si", "sí", "sim"}


@dataclass(frozen=True, slots=True)
class Said:
    """The answers by question, as they were sent."""

    answers: Sequence[tuple[str, str]]

    def get(self, name: str) -> str:
        return next((value for question, value in self.answers if question == name and value), "")

    @property
    def key(self) -> str:
        return self.get(KEY)[:100]

    @property
    def is_trapped(self) -> bool:
        return bool(self.get(TRAP))

    @property
    def agrees(self) -> bool:
        return self.get(CONSENT).casefold() in YES


def said(raw: Raw) -> Said:
    """JSON, form-encoded or multipart. Raises Unreadable."""
    kind = raw.content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return Said(multipart(raw))
    if kind == "application/json" or raw.body.lstrip()[:1] in (b"{", b"["):
        return Said(from_json(raw.body))
    return Said(urlencoded(raw.body))


def from_json(body: bytes) -> list[tuple[str, str]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is no JSON: {error}") from None
    if not isinstance(told, dict):
        raise Unreadable("Send a JSON object of fields and values, e.g. {“email”: “anna@example.com”}.")
    return [(storable(str(name)), in_words(value)) for name, value in list(told.items())[:MOST_FIELDS]]


def in_words(value: Any) -> str:
    """Lists joined; objects as JSON, so that nothing is lost."""
    if isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value):
        return ", ".join(filter(None, map(text, value)))
    if isinstance(value, (dict, list)):
        return storable(json.dumps(value, ensure_ascii=False))
    return text(value)


def urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        told = body.decode("utf-8")
    except UnicodeDecodeError:
        told = body.decode("cp1252", errors="replace")
    try:
        pairs = parse_qsl(told, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Unreadable(f"A form may have {MOST_FIELDS} fields.") from None
    if not any(value for _, value in pairs):
        raise Unreadable("Nothing was filled in.")
    return joined(pairs)


def joined(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Boxes of one name are one answer."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(storable(name).removesuffix("[]"), []).append(storable(value).strip())
    return [(name, ", ".join(filter(None, values))) for name, values in found.items()]


def multipart(raw: Raw) -> list[tuple[str, str]]:
    """Files are named in the message and not kept."""
    head = f"Content-Type: {raw.content_type}\r\n\r\n".encode("latin-1", "replace")
    message = message_from_bytes(head + raw.body, policy=policy.HTTP)
    pairs: list[tuple[str, str]] = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        if not name or len(pairs) >= MOST_FIELDS:
            continue
        if filename := part.get_filename():
            pairs.append((f"{name} (a file, not kept)", str(filename)))
            continue
        content = part.get_payload(decode=True)
        pairs.append((str(name), content.decode("utf-8", "replace") if isinstance(content, bytes) else ""))
    if not any(value for _, value in pairs):
        raise Unreadable("This says that it is a form in parts, and has none that can be read.")
    return joined(pairs)


OURS = frozenset(plain(name) for name in (TRAP, KEY, CONSENT, "csrfmiddlewaretoken", *TOLD))


def values_of(told: Said, mapping: Mapping[str, str]) -> dict[str, Any]:
    """Fields of a lead, where it came from among them."""
    asked = [(question, answer) for question, answer in told.answers if plain(question) not in OURS]
    where = {plain(question): answer for question, answer in told.answers if plain(question) in TOLD}
    return {**attributed(where), **answered(asked, mapping, of_questions())}
