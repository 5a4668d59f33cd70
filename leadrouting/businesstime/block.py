"""A stretch of days with its windows worked out: what makes asking cheap.

Time is cut into blocks of `DAYS` whole UTC days. A block knows its opening and closing instants and the
business time before each, so that every question about it is one bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from leadrouting.businesstime.schedule import Schedule
from leadrouting.businesstime.wallclock import closing_utc, day_exists, opening_utc, zone_named
from leadrouting.businesstime.window import Window, merged

DAYS = 32
LAST = date.max.toordinal() // DAYS
_REACH = 2  # local dates are at most a day off in UTC, and a gap may carry a window past midnight
_MIDNIGHT = time(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """`edges` alternate between opening and closing, strictly rising, UTC.

    `worked[i]` is the business time of the block's first `i` windows; `total` that of all.
    """

    edges: tuple[datetime, ...]
    worked: tuple[timedelta, ...]
    total: timedelta

    def is_open(self, at: datetime) -> bool:
        """Whether an odd number of edges lies at or before `at`."""
        return bisect_right(self.edges, at) % 2 == 1

    def next_opening(self, at: datetime) -> datetime | None:
        """`at` itself when open; None when the block does not open any more."""
        passed = bisect_right(self.edges, at)
        if passed % 2:
            return at
        return self.edges[passed] if passed < len(self.edges) else None

    def worked_until(self, at: datetime) -> timedelta:
        """Business time from the start of the block to `at`."""
        passed = bisect_right(self.edges, at)
        before = self.worked[passed // 2]
        return before + (at - self.edges[passed - 1]) if passed % 2 else before

    def instant_of(self, worked: timedelta) -> datetime:
        """The first instant when `worked` (above zero, at most `total`) has passed in the block."""
        index = bisect_left(self.worked, worked) - 1
        return self.edges[2 * index] + (worked - self.worked[index])

    def windows(self) -> Iterator[Window]:
        """The block's windows in order."""
        for index in range(0, len(self.edges), 2):
            yield Window(self.edges[index], self.edges[index + 1])


def block_number(at: date) -> int:
    """The number of the block that a UTC date, or instant, falls into."""
    return at.toordinal() // DAYS


def build_block(schedule: Schedule, number: int) -> Block:
    """Work out block `number`, from 0 to `LAST`: convert, sort, merge, cut at the block's ends."""
    first, last = number * DAYS, (number + 1) * DAYS
    start = _midnight(first)
    end = _midnight(last)
    found = sorted(_windows(schedule, first - _REACH, last + _REACH))
    kept = [
        (max(window.start, start), min(window.end, end))
        for window in merged(found)
        if window.end > start and window.start < end
    ]
    worked = tuple(accumulate((closes - opens for opens, closes in kept), initial=timedelta()))
    return Block(tuple(edge for pair in kept for edge in pair), worked, worked[-1])


def _windows(schedule: Schedule, first: int, last: int) -> Iterator[Window]:
    """The windows of the local dates `[first, last)` in UTC, unsorted.

    The very first and last date that Python knows have none, so that no conversion can overflow.
    """
    zone = zone_named(schedule.zone)
    for ordinal in range(max(first, 2), min(last, date.max.toordinal())):
        day = date.fromordinal(ordinal)
        hours = schedule.hours_on(day)
        if not hours or not day_exists(zone, day):
            continue
        for window in hours:
            opens, closes = opening_utc(zone, day, window.opens), closing_utc(zone, day, window.closes)
            if opens < closes:  # a gap can carry an opening past its closing: nothing is left of that window
                yield Window(opens, closes)


def _midnight(ordinal: int) -> datetime:
    within = min(max(ordinal, 1), date.max.toordinal())
    return datetime.combine(date.fromordinal(within), _MIDNIGHT)
