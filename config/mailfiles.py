"""Mail that goes to files instead of a server, one `.eml` for each: what EMAIL_URL=filemail:// means here.

Their names begin with the time (UTC), so that the newest are found without opening any.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from heapq import nlargest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage as Outgoing
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = "config.mailfiles.OneFileEach"
NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}\.eml")
SHOWN = 200
SEARCHED = 2000
"""Files that a search looks into, the newest first."""
LARGEST = 5_000_000
"""Bytes that are read of one."""


class OneFileEach(BaseEmailBackend):
    """A file is there as a whole or not at all."""

    def __init__(self, *args: Any, file_path: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(file_path) if file_path else folder()

    def send_messages(self, email_messages: Sequence[Outgoing]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for one in email_messages:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
            unfinished = self.folder / f".{name}"
            unfinished.write_bytes(one.message().as_bytes())
            os.replace(unfinished, self.folder / name)
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Mail:
    """One that was written. `at` in UTC, by its name."""

    name: str
    message: EmailMessage

    @property
    def at(self) -> datetime:
        return datetime.strptime(self.name[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)

    def header(self, name: str) -> str:
        """As text, whatever came; empty when it is missing."""
        try:
            return " ".join(str(self.message[name] or "").split())
        except (MessageError, ValueError, LookupError, IndexError):
            return ""

    @property
    def to(self) -> str:
        return self.header("to")

    @property
    def subject(self) -> str:
        return self.header("subject")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, self.header(name)) for name in dict.fromkeys(self.message.keys())]

    @property
    def text(self) -> str:
        return self.part("plain")

    @property
    def html(self) -> str:
        return self.part("html")

    def part(self, kind: str) -> str:
        found = self.message.get_body((kind,))
        if found is None:
            return ""
        raw = found.get_payload(decode=True)
        charset = found.get_content_charset() or "utf-8"
        try:
            return raw.decode(charset, "replace") if isinstance(raw, bytes) else ""
        except LookupError:
            return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""

    @property
    def attachments(self) -> list[tuple[str, int]]:
        """Name and bytes."""
        return [
            (one.get_filename() or one.get_content_type(), len(one.get_payload(decode=True) or b""))
            for one in self.message.iter_attachments()
        ]


def is_on() -> bool:
    return settings.EMAIL_BACKEND == BACKEND


def folder() -> Path:
    return Path(getattr(settings, "EMAIL_FILE_PATH", ""))


def newest(number: int) -> list[str]:
    """Names, the newest first."""
    try:
        with os.scandir(folder()) as entries:
            names = (one.name for one in entries if NAME.fullmatch(one.name))
            return nlargest(number, names)
    except FileNotFoundError:
        return []


def found(words: str = "") -> list[Mail]:
    """The newest, or the newest of which recipient, subject or text have these words."""
    if not words:
        return list(read(newest(SHOWN)))
    sought = words.casefold().split()
    hits = (one for one in read(newest(SEARCHED)) if all(word in all_of(one) for word in sought))
    return [one for one, _ in zip(hits, range(SHOWN), strict=False)]


def all_of(one: Mail) -> str:
    return f"{one.to} {one.subject} {one.text}".casefold()


def read(names: Iterable[str]) -> Iterator[Mail]:
    return (mail for name in names if (mail := opened(name)) is not None)


def opened(name: str) -> Mail | None:
    """None for what is no mail of ours, is gone, or leads elsewhere."""
    if not NAME.fullmatch(name):
        return None
    try:
        descriptor = os.open(folder() / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        raw = file.read(LARGEST)
    message = message_from_bytes(raw, policy=policy.default)
    return Mail(name, message) if isinstance(message, EmailMessage) else None
