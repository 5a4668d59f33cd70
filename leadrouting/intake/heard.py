"""What can be heard from outside: plain values between the readers, which know a sender's format, and what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Unreadable(Exception):
    """The delivery cannot be understood; the message says why, for whoever mends it."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A delivery as it came. Names of `headers` are in small letters; `address` is the whole one that was asked, `at`
    when it came (UTC): some systems sign these too."""

    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    address: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enquired:
    """Somebody asked for something. `values` are fields of a lead; `key` is the sender's own for this enquiry."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wrote:
    """A message in a conversation: into the timeline of whoever is known, else a new lead. `values` hold who wrote,
    and the text as `message`."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Booked:
    """A meeting was booked, moved or cancelled. `booking` is the sender's key for the meeting through all of these;
    `starts_at` and `ends_at` are UTC; `was` is the key that a moved meeting had before;
    `host` the address of whom they meet; `tag` names the lead whose link led there, if it is ours."""

    key: str
    booking: str
    what: str
    values: Mapping[str, Any]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    title: str = ""
    reason: str = ""
    was: str = ""
    host: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail. `answers` are the mails it refers to, `to` whom it was sent to and `others` those of them that are not ours;
    `is_ours`: one of us wrote it, at `at` (UTC)."""

    key: str
    values: Mapping[str, Any]
    answers: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    is_ours: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bounced:
    """A mail came back. `named` are the mails that the report speaks of."""

    key: str
    named: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Understood, and nothing to do: a status, a test."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asks:
    """The delivery only names something: its content has to be fetched at `path`, and is then kept under `key`."""

    key: str
    path: str


Heard = Enquired | Wrote | Mailed | Bounced | Booked | Passed | Asks
