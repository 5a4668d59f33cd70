"""Four weeks of a team: who is away when, and who stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from leadrouting.teams.calendars import closed_days
from leadrouting.teams.models import Absence, OfficeHours, Rep, Team, User

DAYS = 28


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one rep. `kind`: away, morning, afternoon, holiday, closed, or nothing; `says` it in words."""

    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Row:
    rep: Rep
    cells: list[Cell]
    away: list[tuple[Absence, Rep | None]]
    """The absences of these weeks, each with who stands in."""


def teams_of(user: User) -> QuerySet[Team]:
    """All for sales ops, the manager's own, and for a rep the team that the rep is in."""
    if user.is_ops:
        return Team.objects.all()
    if user.role == User.Role.MANAGER:
        return Team.objects.filter(manager=user)
    return Team.objects.filter(reps=user.pk)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def rows(teams: list[Team], first: date) -> list[Row]:
    """Constant queries, however many reps and absences."""
    last = first + timedelta(days=DAYS - 1)
    near = Absence.objects.filter(first_day__lte=last, last_day__gte=first).select_related("backup__user")
    reps = (
        Rep.objects.filter(team__in=teams, is_active=True)
        .select_related("user", "team", "load", "backup__user")
        .prefetch_related(Prefetch("absences", near.order_by("first_day"), to_attr="near"))
        .order_by("team__name", "user__name", "pk")
    )
    hours = {
        one.pk: one for one in OfficeHours.objects.prefetch_related("windows", "special_days", "holidays")
    }
    off = {key: Off(one) for key, one in hours.items()}
    return [
        row_of(rep, off.get(rep.office_hours_id or rep.team.office_hours_id or 0) or Off(None), first)
        for rep in reps
    ]


def row_of(rep: Rep, off: Off, first: date) -> Row:
    absences: list[Absence] = rep.near  # type: ignore[attr-defined]
    days = [first + timedelta(days=number) for number in range(DAYS)]
    cells = [cell(absences, off, day) for day in days]
    return Row(rep, cells, [(one, one.backup or rep.backup) for one in absences])


class Off:
    """The days on which these hours do not open. No hours: always open."""

    def __init__(self, hours: OfficeHours | None) -> None:
        self.hours = hours
        if hours is not None:
            self.weekdays = {window.weekday for window in hours.windows.all()}
            self.special = {day.day for day in hours.special_days.all()}
            self.closed = closed_days(hours, frozenset(holiday.day for holiday in hours.holidays.all()))

    def on(self, day: date) -> Cell | None:
        if self.hours is None or day in self.special:
            return None
        if day in self.closed:
            return Cell("holiday", _("Holiday"))
        return None if day.weekday() in self.weekdays else Cell("closed", _("Not a working day"))


def cell(absences: list[Absence], off: Off, day: date) -> Cell:
    halves: set[str] = set()
    for one in absences:
        if one.first_day <= day <= one.last_day:
            halves |= {"morning"} if not (one.from_noon and day == one.first_day) else set()
            halves |= {"afternoon"} if not (one.until_noon and day == one.last_day) else set()
    if len(halves) == 2:
        return Cell("away", _("Away"))
    if halves:
        return (
            Cell("morning", _("Away until noon"))
            if "morning" in halves
            else Cell("afternoon", _("Away from noon"))
        )
    return off.on(day) or Cell("", _("At work"))
