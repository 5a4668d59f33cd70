"""Office hours in words: open now or not, the week in a line."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leadrouting.businesstime import CalendarError
from leadrouting.teams.admin.week_field import bar
from leadrouting.teams.calendars import calendar_of
from leadrouting.teams.coming import coming_days
from leadrouting.teams.models import OfficeHours
from leadrouting.teams.opening import opening_in_words
from leadrouting.teams.week import written

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COMING = 7


def now_in_words(hours: OfficeHours, now: datetime) -> str:
    """For the person who looks, whose zone is the current one; what is wrong when they never open."""
    try:
        calendar = calendar_of(hours)
    except CalendarError as error:
        return f"Never opens. {error}"
    return opening_in_words(calendar, now, timezone.get_current_timezone())


def counting_in_words(hours: OfficeHours | None, why: str, now: datetime) -> SafeString:
    """Which hours count, why, and what they say now, with a way to their page."""
    if hours is None:
        return format_html("<span class='lr-said'>{}</span>", why)
    link = reverse("admin:teams_officehours_change", args=[hours.pk])
    said = (why, week_in_words(hours), now_in_words(hours, now), link)
    return format_html(
        "<span class='lr-said'>{}</span><span class='lr-said lr-quiet'>{}</span>"
        "<span class='lr-said'>{} <a href='{}' class='text-link'>See them</a></span>",
        *said,
    )


def coming_drawn(hours: OfficeHours, now: datetime) -> str:
    """The next days with their hours in words and bars; nothing when they never open, which is said elsewhere."""
    try:
        days = coming_days(hours, now, COMING)
    except CalendarError:
        return ""
    drawn = [(day, written(day.windows), [bar(*window) for window in day.windows]) for day in days]
    return render_to_string("admin/teams/coming.html", {"days": drawn})


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
