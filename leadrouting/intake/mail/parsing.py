"""A mail taken apart, whatever it is: no bytes make this raise. Pure.

The old policy of the standard library is used on purpose: the new one raises on headers that do exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from leadrouting.intake.mail.html import words
from leadrouting.intake.mail.quoting import own_words

MOST = 20_000
"""Characters of a mail's words that a lead is given; the whole is kept with the delivery."""
PARTS = 200
NAME = re.compile(r"<[^<>\s]{1,900}>")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str
    """In small letters."""


@dataclass(frozen=True, slots=True)
class Mail:
    """`key` is its Message-ID with brackets, or a hash of its bytes. `answers`: the Message-IDs it refers to, the nearest
    first. `sent_at` is UTC, None when nothing understandable is said."""

    key: str
    sender: Person
    reply_to: Person | None
    to: Sequence[Person] = ()
    subject: str = ""
    text: str = ""
    sent_at: datetime | None = None
    answers: Sequence[str] = ()
    attachments: Sequence[str] = ()
    headers: dict[str, str] = field(default_factory=dict)
    is_report: bool = False


def taken_apart(body: bytes) -> Mail:
    message = message_from_bytes(body, policy=policy.compat32)
    sender = next(iter(people(message, "From")), None) or Person("", "")
    plain, markup, attachments = content(message)
    text = own_words(plain) if plain.strip() else own_words(words(markup))
    referred = [*names(message, "In-Reply-To")[:5], *names(message, "References")[::-1][:50]]
    return Mail(
        key=next(iter(names(message, "Message-ID")), "") or sha256(body).hexdigest(),
        sender=sender,
        reply_to=next(iter(people(message, "Reply-To")), None),
        to=[one for name in ("To", "Cc", "Delivered-To", "X-Original-To") for one in people(message, name)],
        subject=" ".join(said(message, "Subject").split())[:300],
        text=text[:MOST],
        sent_at=sent_at(message),
        answers=list(dict.fromkeys(referred)),
        attachments=attachments,
        headers={
            name: said(message, name)[:300].strip().lower()
            for name in (
                "Auto-Submitted",
                "Precedence",
                "List-Id",
                "List-Unsubscribe",
                "X-Autoreply",
                "X-Autorespond",
                "Return-Path",
            )
            if message.get(name) is not None
        },
        is_report=message.get_content_type() == "multipart/report"
        or any(one.get_content_type() == "message/delivery-status" for one in parts(message)),
    )


def said(message: Message, name: str) -> str:
    """A header in words; NUL and half characters are dropped."""
    found = message.get(name)
    return decoded(str(found)) if found is not None else ""


def decoded(value: str) -> str:
    try:
        told = decode_header(value)
    except (ValueError, LookupError, TypeError, AttributeError):
        told = [(value, None)]
    return clean(
        "".join(in_charset(one, charset) if isinstance(one, bytes) else one for one, charset in told)
    )


def in_charset(value: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8"):
        try:
            return value.decode(name or "utf-8")
        except (LookupError, ValueError, UnicodeError):
            continue
    return value.decode("latin-1")


def clean(value: str) -> str:
    value = value.replace("\0", "")
    return (
        value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if not value.isascii() else value
    )


def people(message: Message, name: str) -> list[Person]:
    """Each address of a header. Taken apart before it is decoded: an encoded name may hold commas."""
    values = [str(one).replace("\n", " ").replace("\r", " ")[:20_000] for one in message.get_all(name) or []]
    try:
        found = getaddresses(values)
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError):
        return []
    return [
        Person(" ".join(decoded(shown).split())[:120], clean(address).strip().lower())
        for shown, address in found
        if "@" in address
    ]


def names(message: Message, header: str) -> list[str]:
    return [clean(one) for one in NAME.findall(str(message.get(header, "")))]


def sent_at(message: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(str(message.get("Date", "")))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= PARTS:
            return
        yield part


def content(message: Message) -> tuple[str, str, list[str]]:
    """Its plain words, its HTML, and the names of what is attached."""
    plain, markup, attachments = [], [], []
    for part in parts(message):
        if part.is_multipart():
            continue
        kind, file = part.get_content_type(), filename(part)
        is_attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
        if kind == "text/plain" and not is_attached:
            plain.append(payload(part))
        elif kind == "text/html" and not is_attached:
            markup.append(payload(part))
        elif file or is_attached:
            attachments.append(file or kind)
    return "\n".join(plain), "\n".join(markup), attachments


def payload(part: Message) -> str:
    try:
        body = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError, AttributeError):
        charset = None
    return clean(in_charset(body, charset)) if isinstance(body, bytes) else ""


def filename(part: Message) -> str:
    try:
        return decoded(part.get_filename() or "")[:120]
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
