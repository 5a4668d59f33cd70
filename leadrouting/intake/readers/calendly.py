"""Calendly: meetings booked, moved and cancelled, and answers of routing forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadrouting.intake.attribution import attributed
from leadrouting.intake.heard import Booked, Enquired, Heard, Passed, Raw, Unreadable
from leadrouting.intake.readers.reading import answered, document, instant, is_one_of, part, rows, text
from leadrouting.intake.readers.signatures import in_hex, is_fresh
from leadrouting.intake.synonyms import of_questions
from leadrouting.leads.enums import Channel

TAG = re.compile(r"lead-\d+-[0-9a-f]+")
"""How a booking link of ours names its lead."""


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    given = [
        one.strip().partition("=") for one in raw.headers.get("calendly-webhook-signature", "").split(",")
    ]
    stamp = next((value for name, _, value in given if name == "t"), "")
    if not (stamp.isascii() and stamp.isdigit() and is_fresh(raw, int(stamp))):
        return False
    right = [in_hex(one, f"{stamp}.".encode() + raw.body) for one in secrets]
    return any(is_one_of(value, right) for name, _, value in given if name == "v1")


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    told = document(raw)
    event, payload = text(told.get("event")), told.get("payload")
    key = text(part(payload, "uri"))
    if not isinstance(payload, dict) or not key:
        raise Unreadable("There is no “payload” with a “uri”, by which Calendly names it.")
    if event == "routing_form_submission.created":
        return [Enquired(key, {"channel": Channel.WEB_FORM, **said(payload, mapping)})]
    if event == "invitee.created":
        was = text(payload.get("old_invitee"))
        return [booked(payload, mapping, "moved" if was else "booked", was)]
    if event == "invitee.canceled":
        if payload.get("rescheduled") is True or text(payload.get("new_invitee")):
            return [Passed(f"{key} moved", "The meeting was moved: its new time comes by itself.")]
        return [booked(payload, mapping, "cancelled")]
    return [Passed(f"{key} {event}", f"“{event}” is nothing that concerns a lead.")]


def booked(payload: Mapping[str, Any], mapping: Mapping[str, str], what: str, was: str = "") -> Booked:
    meeting, key = payload.get("scheduled_event"), text(payload.get("uri"))
    hosts = rows(part(meeting, "event_memberships"))
    name = text(payload.get("name")) or " ".join(
        filter(None, (text(payload.get(one)) for one in ("first_name", "last_name")))
    )
    who = {
        "name": name[:120],
        "email": text(payload.get("email")),
        "time_zone": text(payload.get("timezone")),
    }
    who["phone"] = text(payload.get("text_reminder_number"))
    known = {field: value for field, value in who.items() if value}
    return Booked(
        key=f"{key} {what}",
        booking=key,
        what=what,
        values={"channel": Channel.WEB_FORM, **said(payload, mapping), **known},
        starts_at=instant(part(meeting, "start_time")),
        ends_at=instant(part(meeting, "end_time")),
        title=text(part(meeting, "name")),
        reason=text(part(payload, "cancellation", "reason")),
        was=was,
        host=text(hosts[0].get("user_email")) if hosts else "",
        tag=named if TAG.fullmatch(named := text(part(payload, "tracking", "utm_content"))) else "",
    )


def said(payload: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    tracking = payload.get("tracking")
    told = tracking if isinstance(tracking, dict) else {}
    where = {str(name): text(value) for name, value in told.items()}
    if TAG.fullmatch(where.get("utm_content", "")):
        del where["utm_content"]
    return {**attributed(where), **answered(answers(payload), mapping, of_questions())}


def answers(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in rows(payload.get("questions_and_answers")):
        yield text(one.get("question")), text(one.get("answer"))
