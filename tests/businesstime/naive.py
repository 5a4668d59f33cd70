"""Business time the slow and obvious way: every minute of a stretch is asked on its own.

It shares nothing with the code under test. It never turns wall clock into UTC: it writes down what the
wall clock of a zone shows at each UTC minute, and looks local times up in that diary.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class Diary:
    """What the clocks of `zone` show in each of the `minutes` from `start` (UTC, a whole minute) on."""

    def __init__(self, zone, start, minutes):
        self.utc = [start + MINUTE * n for n in range(minutes)]
        self.wall = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) for at in self.utc]
        self.seen = {}
        for index, wall in enumerate(self.wall):
            self.seen.setdefault(wall, []).append(index)
        self.sorted = sorted(self.seen)
        self.dates = {wall.date() for wall in self.wall}

    def first(self, wall):
        return self.seen[self.moved(wall)][0]

    def last(self, wall):
        return self.seen[self.moved(wall)][-1]

    def moved(self, wall):
        """`wall` itself, or later by the gap that swallowed it."""
        if wall in self.seen:
            return wall
        after = bisect_left(self.sorted, wall)
        return wall + (self.sorted[after] - self.sorted[after - 1] - MINUTE)


@lru_cache(64)
def diary(zone, start, days):
    return Diary(zone, datetime.combine(start, time(), UTC), days * 24 * 60)


def open_minutes(book, hours_on):
    """A flag per minute of the diary; `hours_on(date)` gives the pairs of ("HH:MM", "HH:MM").

    The outermost two dates are not looked at: their clock times may lie outside the diary.
    """
    flags = [False] * len(book.utc)
    for day in sorted(book.dates)[2:-2]:
        midnight = datetime.combine(day, time())
        for opens, closes in hours_on(day):
            first = book.first(midnight + offset(opens))
            last = book.last(midnight + offset(closes))
            flags[first:last] = [True] * max(0, last - first)
    return flags


def offset(written):
    return timedelta(hours=int(written[:2]), minutes=int(written[3:]))
