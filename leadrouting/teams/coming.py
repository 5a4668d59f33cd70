"""The days to come as one office keeps them: which hours, and why a day differs from its week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leadrouting.teams.calendars import calendar_of
from leadrouting.teams.holidays import is_known, public_holidays
from leadrouting.teams.models import OfficeHours
from leadrouting.teams.week import Windows, clock


@dataclass(frozen=True, slots=True)
class Day:
    """A local date, its windows by the wall clock, and what makes it no ordinary one; empty when nothing does."""

    date: date
    windows: Windows
    note: str


def coming_days(hours: OfficeHours, now: datetime, number: int) -> Sequence[Day]:
    """From today on, where the office is. CalendarError for hours that never open."""
    schedule = calendar_of(hours).schedule
    today = now.astimezone(ZoneInfo(hours.time_zone)).date()
    days = [today + timedelta(days=ahead) for ahead in range(number)]
    return [
        Day(day, [(clock(one.opens), clock(one.closes)) for one in schedule.hours_on(day)], note(hours, day))
        for day in days
    ]


def note(hours: OfficeHours, day: date) -> str:
    """`Epiphany`, `Epiphany, we work`, `Founders' day, special hours`: in the order in which they count."""
    own = [holiday.name for holiday in hours.holidays.all() if holiday.day == day]
    public = public_name(hours, day)
    why = [*own, public] if public else own
    if any(special.day == day for special in hours.special_days.all()):
        return ", ".join([*why, _("special hours")])
    if public and not own and day in hours.worked:
        return _("{holiday}, we work").format(holiday=public)
    return ", ".join(why)


def public_name(hours: OfficeHours, day: date) -> str:
    if not hours.country or not is_known(hours.country, hours.subdivision):
        return ""
    return public_holidays(hours.country, hours.subdivision, day.year).get(day, "")
