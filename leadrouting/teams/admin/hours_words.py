"""Office hours in words: open now or not, the week in a line, the next public holidays."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from leadrouting.businesstime import CalendarError
from leadrouting.teams.calendars import calendar_of
from leadrouting.teams.holidays import public_holidays
from leadrouting.teams.models import OfficeHours

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHOWN = 5


def now_in_words(hours: OfficeHours, now: datetime) -> str:
    """`Open` or `Closed, opens Monday 09:00`, by the wall clock of the office; what is wrong when it never opens."""
    zone = ZoneInfo(hours.time_zone)
    try:
        calendar = calendar_of(hours)
        opening = calendar.next_opening(now)
    except CalendarError as error:
        return f"Never opens: {error}"
    local = opening.astimezone(zone)
    if opening <= now:
        return f"Open (it is {now.astimezone(zone):%H:%M} there)"
    days = (local.date() - now.astimezone(zone).date()).days
    day = "today" if days == 0 else f"{local:%A}" if days < 7 else f"{local:%A %d %b}"
    return f"Closed, opens {day} {local:%H:%M}"


def week_in_words(hours: OfficeHours) -> str:
    """`Mon-Thu 09:00-17:00, Fri 09:00-15:00`: days in a row with the same windows are one."""
    week: dict[int, list[str]] = {}
    for window in hours.windows.all():
        week.setdefault(window.weekday, []).append(f"{window.opens}-{window.closes}")
    spans: list[tuple[int, int, str]] = []
    for day in sorted(week):
        times = " ".join(week[day])
        if spans and spans[-1][1] == day - 1 and spans[-1][2] == times:
            spans[-1] = (spans[-1][0], day, times)
        else:
            spans.append((day, day, times))
    parts = [f"{DAYS[a] if a == b else f'{DAYS[a]}-{DAYS[b]}'} {times}" for a, b, times in spans]
    return ", ".join(parts) or "No opening windows"


def public_holidays_in_words(hours: OfficeHours, now: datetime) -> str:
    if not hours.country:
        return "None: no country is chosen"
    today = now.astimezone(ZoneInfo(hours.time_zone)).date()
    years = (public_holidays(hours.country, hours.subdivision, today.year + more) for more in (0, 1))
    coming = [(day, name) for known in years for day, name in known.items() if day >= today][:SHOWN]
    return "\n".join(f"{day:%a %d %b %Y}: {name}" for day, name in coming)
