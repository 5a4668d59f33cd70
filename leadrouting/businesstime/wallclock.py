"""The one place where wall-clock time becomes UTC, and so the one place that knows daylight saving.

Every zone has wall-clock times that never happen (clocks go forward: a gap) and times that happen twice
(clocks go back). In PEP 495's terms `fold=0` reads both with the offset from before the change: a time in
a gap then lands later by the length of the gap, an ambiguous time on its first occurrence. `fold=1` reads
them with the offset from after it: earlier, and on the last occurrence.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadrouting.businesstime.errors import CalendarError


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name such as ``Europe/Berlin``; `CalendarError` when there is none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError, AttributeError):
        raise CalendarError(
            f"There is no time zone {name!r}. Use a name such as 'Europe/Berlin' or 'America/New_York'."
        ) from None


def as_utc(at: datetime) -> datetime:
    """The same instant in UTC; `CalendarError` for a datetime without a zone."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise CalendarError(
            f"{at.isoformat()} has no time zone, so it names no instant. Pass an aware datetime."
        )
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise CalendarError(f"{at.isoformat()} lies outside the years 1 to 9999 in UTC.") from None


def opening_utc(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """When a window that opens `minutes` after midnight of the local `day` opens, in UTC.

    An ambiguous time takes its first occurrence; one that does not exist moves forward by the gap.
    """
    return _wall(zone, day, minutes).astimezone(UTC)


def closing_utc(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """When a window that closes `minutes` (up to 1440) after midnight of the local `day` closes, in UTC.

    An ambiguous time takes its last occurrence; one that does not exist moves forward by the gap. Both are
    the later of the two readings.
    """
    wall = _wall(zone, day, minutes)
    return max(wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC))


def day_exists(zone: ZoneInfo, day: date) -> bool:
    """False for a date that the zone left out, such as 30 December 2011 in Samoa.

    Its midnight moves forward by the gap of a whole day and lands on another date.
    """
    return opening_utc(zone, day, 0).astimezone(zone).date() == day


def _wall(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    # Adding to an aware datetime moves the wall clock, not the instant: just what is meant here.
    return datetime.combine(day, time.min, tzinfo=zone) + timedelta(minutes=minutes)
