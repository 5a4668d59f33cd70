"""The calendar that everybody else asks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from leadrouting.businesstime import arithmetic, pausing
from leadrouting.businesstime.block import DAYS
from leadrouting.businesstime.errors import CalendarError
from leadrouting.businesstime.schedule import Schedule, read_schedule
from leadrouting.businesstime.timeline import Timeline, timeline_of
from leadrouting.businesstime.wallclock import as_utc
from leadrouting.businesstime.window import Window

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True, init=False)
class BusinessCalendar:
    """Office hours in a zone, asked with instants. A value: hashable, equal when the hours are, picklable.

    Instants may be given in any zone but must be aware; answers are UTC. Durations are real elapsed time:
    a shift over a clock change is as long as it was. An instant at closing time is closed.

    - Several windows a day, `("HH:MM", "HH:MM")`; one may end at 24:00, one past midnight is given as two.
    - A special day replaces the hours of its weekday and beats a holiday on the same date; with an empty
      list it is closed. A holiday closes its date. Holidays are dates, or a hashable value that only answers
      `day in holidays`, and so never runs out of years.
    - A local time that clocks skip moves forward by the gap. One that happens twice opens at its first and
      closes at its last occurrence. A date that a zone left out altogether has no hours.

    `CalendarError` for hours that make no sense or never open, for a naive datetime, and for an answer that
    does not exist.
    """

    schedule: Schedule
    _timeline: Timeline = field(compare=False, repr=False)

    def __init__(
        self,
        zone: str,
        week: Mapping[int, Iterable[Sequence[str]]],
        holidays: Iterable[date] | Container[date] = (),
        special_days: Mapping[date, Iterable[Sequence[str]]] | None = None,
    ) -> None:
        schedule = read_schedule(zone, week, holidays, special_days or {})
        object.__setattr__(self, "schedule", schedule)
        object.__setattr__(self, "_timeline", timeline_of(schedule))

    @classmethod
    def always(cls) -> BusinessCalendar:
        """Open round the clock."""
        return cls(zone="UTC", week={day: [("00:00", "24:00")] for day in range(7)})

    @property
    def zone(self) -> str:
        """The IANA name of the zone that the hours are written in."""
        return self.schedule.zone

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in a window: true at opening time, false at closing time."""
        at = as_utc(at)
        return self._timeline.block(at.toordinal() // DAYS).is_open(at)

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening; `CalendarError` when none is left."""
        return arithmetic.next_opening(self._timeline, as_utc(at))

    def add(self, at: datetime, duration: timedelta, pauses: Iterable[Window] = ()) -> datetime:
        """The earliest instant, not before `at`, by which `duration` of business time has passed.

        So a deadline that falls on closing time stays there, and `add(at, timedelta(0))` is `at`, open or
        not. Business time within `pauses` does not count. `CalendarError` for a negative duration, and when
        the calendar has not that many hours left.
        """
        at = as_utc(at)
        if duration < _NOTHING:
            raise CalendarError(f"Business time can only be added, not taken off: {duration!r} is negative.")
        if pauses:
            return pausing.add(self._timeline, at, duration, pauses)
        return arithmetic.add(self._timeline, at, duration)

    def between(self, start: datetime, end: datetime, pauses: Iterable[Window] = ()) -> timedelta:
        """Business time within `[start, end)` and outside `pauses`; `CalendarError` for `end` < `start`."""
        start, end = as_utc(start), as_utc(end)
        arithmetic.check_order(start, end)
        if pauses:
            return pausing.between(self._timeline, start, end, pauses)
        return arithmetic.between(self._timeline, start, end)

    def windows(self, start: datetime, end: datetime) -> Iterator[Window]:
        """The open spans within `[start, end)`, cut to it: lazy, sorted, apart, never empty.

        Windows that touch or overlap come as one. `CalendarError`, at once, for `end` < `start`.
        """
        start, end = as_utc(start), as_utc(end)
        arithmetic.check_order(start, end)
        return arithmetic.windows(self._timeline, start, end)


ALWAYS = BusinessCalendar.always()
