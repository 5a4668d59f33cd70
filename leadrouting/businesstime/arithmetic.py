"""What can be asked of a timeline. Instants are UTC in and out; the calendar has checked them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from leadrouting.businesstime.block import block_number
from leadrouting.businesstime.errors import CalendarError
from leadrouting.businesstime.timeline import Timeline
from leadrouting.businesstime.window import Window, merged

_NOTHING = timedelta()


def next_opening(timeline: Timeline, at: datetime) -> datetime:
    """The first open instant from `at` on; `CalendarError` when there is none."""
    number = block_number(at)
    block = timeline.block(number)
    opening = block.next_opening(at)
    while opening is None:
        block = timeline.block_after(number, at)
        number += 1
        opening = block.next_opening(at)
    return opening


def add(timeline: Timeline, at: datetime, duration: timedelta) -> datetime:
    """The earliest instant, not before `at`, by which `duration` of business time has passed."""
    if not duration:
        return at
    try:
        at + duration  # business time passes no faster than time
    except OverflowError:
        raise CalendarError(f"{duration} after {at.isoformat()} lies beyond the year 9999.") from None
    number = block_number(at)
    block = timeline.block(number)
    wanted = block.worked_until(at) + duration
    while wanted > block.total:
        wanted -= block.total
        block = timeline.block_after(number, at)
        number += 1
    return block.instant_of(wanted)


def between(timeline: Timeline, start: datetime, end: datetime) -> timedelta:
    """Business time within `[start, end)`."""
    first, last = block_number(start), block_number(end)
    whole = sum((block.total for block in timeline.blocks(first, last - 1)), _NOTHING)
    return whole - timeline.block(first).worked_until(start) + timeline.block(last).worked_until(end)


def windows(timeline: Timeline, start: datetime, end: datetime) -> Iterator[Window]:
    """The open spans within `[start, end)`, cut to it, never empty. Works out a block when it is reached."""
    blocks = timeline.blocks(block_number(start), block_number(end))
    for window in merged(window for block in blocks for window in block.windows()):
        first, last = max(window.start, start), min(window.end, end)
        if first < last:
            yield Window(first, last)


def check_order(start: datetime, end: datetime) -> None:
    """`CalendarError` when `end` lies before `start`."""
    if end < start:
        raise CalendarError(
            f"The end, {end.isoformat()}, lies before the start, {start.isoformat()}. Swap the two."
        )
