"""Cal.com: meetings booked, moved and cancelled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadrouting.intake.heard import Booked, Heard, Passed, Raw, Unreadable
from leadrouting.intake.readers.reading import answered, document, instant, part, rows, text
from leadrouting.intake.readers.signatures import is_signed_hex
from leadrouting.intake.synonyms import of_questions
from leadrouting.leads.enums import Channel

EVENTS = {
    "BOOKING_CREATED": "booked",
    "BOOKING_RESCHEDULED": "moved",
    "BOOKING_CANCELLED": "cancelled",
    "BOOKING_REJECTED": "cancelled",
}
THEIRS = frozenset(("name", "email", "location", "guests", "title", "rescheduleReason"))
"""Answers of Cal.com's own, which are told elsewhere."""


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    return is_signed_hex(raw, secrets, "x-cal-signature-256")


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    told = document(raw)
    event, payload = text(told.get("triggerEvent")), told.get("payload")
    if not event:
        raise Unreadable("There is no “triggerEvent”: this comes from something else than Cal.com.")
    what = EVENTS.get(event)
    if what is None:
        key = f"{event} {text(part(payload, 'uid')) or text(told.get('createdAt'))}"
        return [Passed(key, f"“{event}” changes no meeting.")]
    key = text(part(payload, "uid"))
    if not isinstance(payload, dict) or not key:
        raise Unreadable("There is no “payload” with a “uid”, by which Cal.com names a meeting.")
    starts = text(payload.get("startTime"))
    return [
        Booked(
            key=f"{key} {what} {starts if what == 'moved' else ''}".strip(),
            booking=key,
            what=what,
            values={"channel": Channel.WEB_FORM, **said(payload, mapping)},
            starts_at=instant(starts),
            ends_at=instant(payload.get("endTime")),
            title=text(payload.get("eventTitle")) or text(payload.get("title")),
            reason=next(filter(None, (text(payload.get(one)) for one in REASONS)), ""),
            was=text(payload.get("rescheduleUid")) if what == "moved" else "",
            host=text(part(payload, "organizer", "email")),
            tag=text(part(payload, "metadata", "lead")),
        )
    ]


REASONS = ("cancellationReason", "rejectionReason", "rescheduleReason")


def said(payload: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    values = answered(answers(payload), mapping, of_questions())
    people = rows(payload.get("attendees"))
    first: Mapping[str, Any] = people[0] if people else {}
    values |= {
        "name": (text(first.get("name")) or response(payload, "name"))[:120],
        "email": text(first.get("email")) or response(payload, "email"),
        "time_zone": text(first.get("timeZone")),
    }
    phone = text(first.get("phoneNumber")) or response(payload, "attendeePhoneNumber")
    return {**values, **({"phone": phone} if phone else {})}


def response(payload: Mapping[str, Any], name: str) -> str:
    return text(part(payload, "responses", name, "value"))


def answers(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for group in ("responses", "userFieldsResponses"):
        told = payload.get(group)
        for name, one in told.items() if isinstance(told, dict) else ():
            if name in THEIRS or name == "attendeePhoneNumber":
                continue
            value = part(one, "value")
            spoken = ", ".join(filter(None, map(text, value))) if isinstance(value, list) else text(value)
            yield text(part(one, "label")) or str(name), spoken
