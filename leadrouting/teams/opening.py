"""Office hours in words: open now or not, until when, in the office's zone and in that of the person who looks.

The one place for it; every page that shows hours says it with these words. Instants come from the calendar,
which alone knows daylight saving.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.teams.models import OfficeHours, Rep

ROUND_THE_CLOCK = gettext_noop("Open round the clock")
FORESEEABLE = timedelta(days=8)  # open for longer than this without a break: no closing worth a word
MIDNIGHT = time()


def opening_in_words(calendar: BusinessCalendar | None, now: datetime, viewer: tzinfo) -> str:
    """`Open now, closes 18:00 (17:00 in your zone)` or `Opens Monday 09:00 (14:00 in your zone)`.

    No calendar means round the clock. What is wrong, for hours that never open.
    """
    if calendar is None:
        return _(ROUND_THE_CLOCK)
    try:
        opening = calendar.next_opening(now)
    except CalendarError as error:
        return _("Never opens. {problem}").format(problem=error)
    office = ZoneInfo(calendar.zone)
    if opening > now:
        is_today = opening.astimezone(office).date() == now.astimezone(office).date()
        said = _("Opens today {when}") if is_today else _("Opens {when}")
        return said.format(when=moment(opening, now, office, viewer))
    closing = next(calendar.windows(now, now + FORESEEABLE)).end
    if closing == now + FORESEEABLE:
        return _(ROUND_THE_CLOCK)
    return _("Open now, closes {when}").format(when=moment(closing, now, office, viewer, ends=True))


def moment(at: datetime, now: datetime, office: ZoneInfo, viewer: tzinfo, *, ends: bool = False) -> str:
    """`Monday 09:00 (14:00 in your zone)`; the other zone only where its clocks say something else."""
    there, here = at.astimezone(office), at.astimezone(viewer)
    today = now.astimezone(office).date()
    day, clock = there.date(), f"{there:%H:%M}"
    if ends and there.time() == MIDNIGHT:  # a day ends at 24:00, it does not begin to close
        day, clock = day - timedelta(days=1), "24:00"
    said = clock if day == today else f"{day_in_words(day, today)} {clock}"
    if there.replace(tzinfo=None) == here.replace(tzinfo=None):
        return said
    own = f"{here:%H:%M}" if here.date() == day else f"{day_in_words(here.date(), None)} {here:%H:%M}"
    return _("{when} ({own} in your zone)").format(when=said, own=own)


def day_in_words(day: date, today: date | None) -> str:
    """The weekday; with its date when that is not within a week of today."""
    if today is None or abs((day - today).days) < 7:
        return date_format(day, "l")
    return date_format(day, "l j F" if day.year == today.year else "l j F Y")


def counting_hours(rep: Rep) -> OfficeHours | None:
    """The office hours that a rep works by: their own, else the team's. None: round the clock."""
    return rep.office_hours or rep.team.office_hours


def why_these_hours(rep: Rep) -> str:
    """`“EMEA”, from the team` and what else can be the reason."""
    own, teams = rep.office_hours, rep.team.office_hours
    if own is not None:
        if teams is not None and teams != own:
            return _("“{own}”, the rep's own instead of the team's “{teams}”").format(own=own, teams=teams)
        return _("“{own}”, the rep's own").format(own=own)
    if teams is not None:
        return _("“{hours}”, from the team {team}").format(hours=teams, team=rep.team)
    return _("Round the clock: neither the rep nor the team {team} has office hours").format(team=rep.team)
