"""Office hours as stored -> BusinessCalendar values."""

from __future__ import annotations

import logging
import warnings
from datetime import date
from functools import lru_cache

import holidays

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.teams.models import OfficeHours

logger = logging.getLogger(__name__)

HOLIDAY_YEARS = range(2015, 2041)  # public holidays are laid out for these years


def calendar_of(hours: OfficeHours) -> BusinessCalendar:
    """The calendar of one set of office hours. Raises CalendarError when it would never open."""
    week: dict[int, list[tuple[str, str]]] = {}
    for window in hours.windows.all():
        week.setdefault(window.weekday, []).append((window.opens, window.closes))
    special: dict[date, list[tuple[str, str]]] = {}
    for day in hours.special_days.all():
        special.setdefault(day.day, []).append((day.opens, day.closes))
    closed = {holiday.day for holiday in hours.holidays.all()}
    if hours.country:
        closed |= public_holidays(hours.country, hours.subdivision)
    return BusinessCalendar(zone=hours.time_zone, week=week, holidays=closed, special_days=special)


def calendars() -> dict[int, BusinessCalendar | None]:
    """All calendars by the key of their office hours, in four queries.

    None stands for office hours that never open. Forms refuse them; if they come about all the same, their
    reps get no leads, and routing goes on for everybody else.
    """
    stored = OfficeHours.objects.prefetch_related("windows", "special_days", "holidays")
    return {hours.pk: calendar_or_none(hours) for hours in stored}


def calendar_or_none(hours: OfficeHours) -> BusinessCalendar | None:
    try:
        return calendar_of(hours)
    except CalendarError as error:
        logger.error("Office hours cannot be used", extra={"office_hours": hours.name, "error": str(error)})
        return None


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str) -> frozenset[date]:
    """Public holidays by country and subdivision code (ISO 3166), for HOLIDAY_YEARS."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # some lunar holidays are known for fewer years
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=HOLIDAY_YEARS))
