"""When an office is meant to be open, in local terms: the checked, hashable value behind a calendar."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from leadrouting.businesstime.errors import CalendarError
from leadrouting.businesstime.hours import Hours, read_day
from leadrouting.businesstime.wallclock import zone_named

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_day = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`week` holds seven days from Monday on; `special_days` is sorted by date. Equal hours, equal value.

    `holidays` only ever answers whether a date is one, so it may go on for ever.
    """

    zone: str
    week: tuple[tuple[Hours, ...], ...]
    holidays: Container[date]
    special_days: tuple[tuple[date, tuple[Hours, ...]], ...]

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """The windows of a local date: the special day's, else none on a holiday, else the weekday's."""
        at = bisect_left(self.special_days, day, key=_day)
        if at < len(self.special_days) and self.special_days[at][0] == day:
            return self.special_days[at][1]
        return () if day in self.holidays else self.week[day.weekday()]

    @property
    def last_day(self) -> date | None:
        """The last local date with hours; None when the week goes on for ever."""
        if any(self.week):
            return None
        return max(day for day, hours in self.special_days if hours)


def read_schedule(
    zone: str,
    week: Mapping[int, Iterable[Sequence[str]]],
    holidays: Iterable[date] | Container[date],
    special_days: Mapping[date, Iterable[Sequence[str]]],
) -> Schedule:
    """What people wrote, checked. `CalendarError` names the day and the problem."""
    for number in week:
        if number not in range(7):
            raise CalendarError(
                f"{number!r} is no day of the week. Number them from 0, Monday, to 6, Sunday."
            )
    schedule = Schedule(
        zone=zone_named(zone).key,
        week=tuple(read_day(name, week.get(number, ())) for number, name in enumerate(WEEKDAYS)),
        holidays=_read_holidays(holidays),
        special_days=tuple(
            (day, read_day(f"Special day {day}", special_days[day]))
            for day in sorted(_plain_date("Special day", day) for day in special_days)
        ),
    )
    if not any(schedule.week) and not any(hours for _, hours in schedule.special_days):
        raise CalendarError(
            "This calendar never opens. Give at least one day of the week, or one special day, opening hours."
        )
    return schedule


def _read_holidays(holidays: Iterable[date] | Container[date]) -> Container[date]:
    """Dates that can be listed are checked; what only answers `day in holidays` is taken at its word."""
    if isinstance(holidays, Iterable):
        return frozenset(_plain_date("Holiday", day) for day in holidays)
    return holidays


def _plain_date(what: str, day: date) -> date:
    # A datetime is a date to Python, but equals none, so it would silently never match.
    if not isinstance(day, date) or isinstance(day, datetime):
        raise CalendarError(f"{what} {day!r}: expected a date without a time.")
    return day
