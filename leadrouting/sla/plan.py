"""What a clock will do and when, worked out when it starts: reminders, the deadline, the ladder after it.

Pure: business time is asked of a calendar, all instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from leadrouting.businesstime import ALWAYS, BusinessCalendar, CalendarError, Window

BREACH = "breach"
REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: `do` so long after the deadline, in the time that the deadline counts in. A move to a
    queue names it: `queue:12`."""

    do: str
    after: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Promise:
    """What one target promises: `within` so much time, reminders at these percents of it, then the ladder."""

    within: timedelta
    reminders: tuple[int, ...] = ()
    ladder: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to do `at` an instant. `key` is the same in every plan made of the same promise, so that what
    is done is known to be done when the plan is made anew."""

    at: datetime
    key: str
    do: str

    def stored(self) -> dict[str, str]:
        return {"at": self.at.isoformat(), "key": self.key, "do": self.do}

    @classmethod
    def read(cls, stored: Mapping[str, str]) -> Moment:
        return cls(datetime.fromisoformat(stored["at"]), stored["key"], stored["do"])


def plan(
    promise: Promise,
    start: datetime,
    hours: BusinessCalendar | None,
    pauses: Sequence[Window] = (),
    done: Iterable[str] = (),
) -> list[Moment]:
    """Everything in order, without what is `done`; `hours` None: around the clock.

    A reminder that would come at the deadline itself is left out.
    """
    calendar = hours or ALWAYS
    due = by(calendar, start, promise.within, pauses)
    reminders = [
        Moment(by(calendar, start, promise.within * share / 100, pauses), f"{REMINDER} {share}", REMINDER)
        for share in sorted(set(promise.reminders))
    ]
    ladder = [
        Moment(by(calendar, due, rung.after, pauses), f"{rung.do} {number}", rung.do)
        for number, rung in enumerate(promise.ladder, 1)
    ]
    moments = [
        *(one for one in reminders if one.at < due),
        Moment(due, BREACH, BREACH),
        *sorted(ladder, key=at),
    ]
    known = frozenset(done)
    return [moment for moment in moments if moment.key not in known]


def shifted(
    moments: Iterable[Moment], paused_at: datetime, resumed_at: datetime, hours: BusinessCalendar | None
) -> list[Moment]:
    """The same after a pause: each is as much business time away from its end as it was from its beginning.

    What was due before the pause began stays where it is.
    """
    calendar = hours or ALWAYS
    return [
        replace(moment, at=by(calendar, resumed_at, calendar.between(paused_at, moment.at), ()))
        if moment.at > paused_at
        else moment
        for moment in moments
    ]


def at(moment: Moment) -> datetime:
    return moment.at


def by(calendar: BusinessCalendar, start: datetime, span: timedelta, pauses: Sequence[Window]) -> datetime:
    """Hours that end before the time is up (all special days are past) count around the clock."""
    try:
        return calendar.add(start, span, pauses)
    except CalendarError:
        return ALWAYS.add(start, span, pauses)
