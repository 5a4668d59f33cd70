"""Moments as the person who looks reads them: in their own zone (the active one), as short as can be."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def when(at: datetime, now: datetime) -> str:
    """`14:02` today, `1 Dec 09:00` this year, else `1 Dec 2027 09:00`."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year} {local:%H:%M}"


def span(start: datetime | None, end: datetime | None, now: datetime) -> str:
    """`from today 09:00 until 24 Dec 18:00`; empty when it has no bounds."""
    today = timezone.localdate(now)
    parts = [
        f"{word} {'today ' if timezone.localdate(at) == today else ''}{when(at, now)}"
        for word, at in (("from", start), ("until", end))
        if at is not None
    ]
    return " ".join(parts)
