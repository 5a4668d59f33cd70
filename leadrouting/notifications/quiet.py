"""Quiet hours: what comes in them is held, and told in one message afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from leadrouting.businesstime import BusinessCalendar
from leadrouting.notifications.models import Message, QuietHours

DEADLINES = frozenset({Message.Kind.REMINDER, Message.Kind.BREACH, Message.Kind.QUEUE_ALARM})
PASSES = frozenset({Message.Kind.DIGEST, Message.Kind.TEST})
"""Never held."""
SATURDAY = 5


def until(hours: QuietHours, zone: str, now: datetime) -> datetime | None:
    """When the quiet hours that cover `now` end (UTC); None when it is not quiet. Days begin and end in `zone`."""
    loud = calendar(hours, zone)
    return None if loud.is_open(now) else loud.next_opening(now)


def calendar(hours: QuietHours, zone: str) -> BusinessCalendar:
    """The hours in which a person may be told."""
    week = {day: windows(hours.begins, hours.ends) for day in range(7)}
    if hours.weekends:
        week |= {SATURDAY: [], SATURDAY + 1: []}
    return BusinessCalendar(zone=zone, week=week)


def windows(begins: time, ends: time) -> list[tuple[str, str]]:
    """What is left of a day beside the quiet hours."""
    quiet, loud = f"{begins:%H:%M}", f"{ends:%H:%M}"
    if ends < begins:
        return [(loud, quiet)]
    return [span for span in (("00:00", quiet), (loud, "24:00")) if span[0] != span[1]]


def held(messages: Sequence[Message], now: datetime) -> dict[int, datetime]:
    """By message, until when it is held. One query."""
    people = {one.recipient_id: one.recipient for one in messages if one.recipient}
    found = QuietHours.objects.in_bulk(people.keys())
    ends = {key: until(hours, people[key].time_zone, now) for key, hours in found.items()}
    return {
        one.pk: end
        for one in messages
        if (end := ends.get(one.recipient_id)) is not None
        and one.kind not in PASSES
        and not (one.kind in DEADLINES and found[one.recipient_id].deadlines_pass)
    }
