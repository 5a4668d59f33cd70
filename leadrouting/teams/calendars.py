"""Office hours as stored -> BusinessCalendar values."""

from __future__ import annotations

import logging
from datetime import date

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.teams.holidays import ClosedDays, is_known
from leadrouting.teams.models import OfficeHours

logger = logging.getLogger(__name__)


def calendar_of(hours: OfficeHours) -> BusinessCalendar:
    """The calendar of one set of office hours. Raises CalendarError when it would never open."""
    week: dict[int, list[tuple[str, str]]] = {}
    for window in hours.windows.all():
        week.setdefault(window.weekday, []).append((window.opens, window.closes))
    special: dict[date, list[tuple[str, str]]] = {}
    for day in hours.special_days.all():
        special.setdefault(day.day, []).append((day.opens, day.closes))
    own = frozenset(holiday.day for holiday in hours.holidays.all())
    closed = closed_days(hours, own)
    return BusinessCalendar(zone=hours.time_zone, week=week, holidays=closed, special_days=special)


def closed_days(hours: OfficeHours, own: frozenset[date]) -> ClosedDays:
    """A place that no holidays are known for (any more) costs its public holidays, not the routing."""
    place = (hours.country, hours.subdivision)
    if not is_known(*place):
        logger.error(
            "No public holidays are known for this place",
            extra={"office_hours": hours.name, "place": place},
        )
        place = ("", "")
    return ClosedDays(*place, own, frozenset(hours.worked))


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
