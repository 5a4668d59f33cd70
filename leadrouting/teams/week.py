"""A week as people write it, a line for each day: `09:00-12:00, 13:00-18:00`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from leadrouting.businesstime import CalendarError
from leadrouting.businesstime.hours import read_day
from leadrouting.businesstime.schedule import WEEKDAYS
from leadrouting.teams.models import OfficeHours, OpeningWindow

Windows = list[tuple[str, str]]

_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?\s*([ap]\.?m\.?)?"
_WINDOW = re.compile(rf"{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|\n|\band\b|&)\s*", re.IGNORECASE)
NOT_OPEN = {"", "closed", "-", "–"}
ALL_DAY = {"all day", "24h", "24 h", "24 hours"}
HOW = "Write windows such as 09:00-12:00, 13:00-18:00, or leave the day empty when it is closed."


def read_line(day: str, line: str) -> Windows:
    """The windows that a line says, checked and in order. CalendarError names the day and what to do."""
    said = line.strip().lower()
    if said in NOT_OPEN:
        return []
    if said in ALL_DAY:
        return [("00:00", "24:00")]
    windows = [read_window(day, part) for part in _BETWEEN.split(line.strip()) if part]
    return [(clock(hours.opens), clock(hours.closes)) for hours in read_day(day, windows)]


def read_window(day: str, part: str) -> tuple[str, str]:
    found = _WINDOW.fullmatch(part.strip())
    if not found:
        raise CalendarError(f"{day}: “{part}” is not understood. {HOW}")
    first, last = found.groups()[:3], found.groups()[3:]
    return read_time(day, part, *first), read_time(day, part, *last)


def read_time(day: str, part: str, hour: str, minute: str | None, half: str | None) -> str:
    """`9`, `9.30`, `5 pm` -> 09:00, 09:30, 17:00. Whether it is a time at all, the calendar says."""
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise CalendarError(f"{day}: “{part}” is not understood. {HOW}")
        number = number % 12 + (12 if half.lower().startswith("p") else 0)
    return f"{number:02}:{minute or '00'}"


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def written(windows: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{opens}-{closes}" for opens, closes in windows)


def week_of(hours: OfficeHours) -> list[Windows]:
    """The stored windows of seven days, from Monday on."""
    week: list[Windows] = [[] for _ in WEEKDAYS]
    if hours.pk:
        for window in hours.windows.all():
            week[window.weekday].append((window.opens, window.closes))
    return week


def set_week(hours: OfficeHours, week: Mapping[int, Windows]) -> None:
    """Replace the stored windows. The caller opens the transaction."""
    hours.windows.all().delete()
    OpeningWindow.objects.bulk_create(
        OpeningWindow(office_hours=hours, weekday=day, opens=opens, closes=closes)
        for day, windows in week.items()
        for opens, closes in windows
    )
