"""Office hours as arithmetic on instants. Pure: no Django, no database, no clock.

Ask a `BusinessCalendar` with aware datetimes of any zone; it answers in UTC.
"""

from leadrouting.businesstime.calendar import ALWAYS, BusinessCalendar
from leadrouting.businesstime.errors import CalendarError
from leadrouting.businesstime.window import Window

__all__ = ["ALWAYS", "BusinessCalendar", "CalendarError", "Window"]
