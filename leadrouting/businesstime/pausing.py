"""Pausing takes business time out: the same arithmetic around spans that do not count.

Pauses may come in any order and may overlap; only what lies at or after the start counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from leadrouting.businesstime import arithmetic
from leadrouting.businesstime.timeline import Timeline
from leadrouting.businesstime.window import Window, merged


def add(timeline: Timeline, at: datetime, duration: timedelta, pauses: Iterable[Window]) -> datetime:
    """The earliest instant by which `duration` of business time outside `pauses` has passed.

    1. Work towards the next pause. 2. When the duration ends by then, that is the answer.
    3. Otherwise take off what was worked and go on where the pause ends.
    """
    for pause in merged(sorted(pauses)):
        if pause.end <= at:
            continue
        worked = arithmetic.between(timeline, at, max(at, pause.start))
        if duration <= worked:
            break
        duration -= worked
        at = pause.end
    return arithmetic.add(timeline, at, duration)


def between(timeline: Timeline, start: datetime, end: datetime, pauses: Iterable[Window]) -> timedelta:
    """Business time within `[start, end)` and outside `pauses`."""
    worked = arithmetic.between(timeline, start, end)
    for pause in merged(sorted(pauses)):
        if pause.end > start and pause.start < end:
            worked -= arithmetic.between(timeline, max(start, pause.start), min(end, pause.end))
    return worked
