"""Office hours are checked as a whole: the rows of all three tables make one calendar."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ModelForm

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.common.console.inlines import KeptFormSet
from leadrouting.teams.admin.fields import ZoneField
from leadrouting.teams.calendars import closed_days
from leadrouting.teams.holidays import subdivisions
from leadrouting.teams.models import OfficeHours, OpeningWindow


class HoursForm(ModelForm):
    time_zone = ZoneField()

    class Meta:
        model = OfficeHours
        fields = ["name", "time_zone", "country", "subdivision"]

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        country, part = clean.get("country", ""), clean.get("subdivision", "")
        if part and not country:
            self.add_error("subdivision", "Say which country this is a part of.")
        elif part:
            self.check_part(country, part)
        return clean

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()

    def clean_subdivision(self) -> str:
        return self.cleaned_data["subdivision"].upper()

    def check_part(self, country: str, part: str) -> None:
        if part not in subdivisions(country):
            said = f"“{part}” is not a state or province of {country} that public holidays are known for."
            self.add_error("subdivision", f"{said} Leave it empty for the holidays of the whole country.")


class DayFormSet(KeptFormSet):
    """Rows of one calendar. They are left with the office hours, for the last table to put together."""

    def clean(self) -> None:
        super().clean()
        posted(self.instance)[self.prefix] = self

    def values(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.kept() if form.is_valid()]


class WindowFormSet(DayFormSet):
    def clean(self) -> None:
        super().clean()
        day = dict(OpeningWindow.Weekday.choices)
        refuse_overlaps((row["weekday"], day[row["weekday"]], row) for row in self.values())


class HolidayFormSet(DayFormSet):
    pass


class CalendarFormSet(DayFormSet):
    """The last table: with it the calendar is whole, and asked whether it ever opens."""

    never_opens = False

    def clean(self) -> None:
        super().clean()
        refuse_overlaps((row["day"], f"{row['day']:%d %b %Y}", row) for row in self.values())
        hours = self.instance
        others = [posted(hours).get(name) for name in ("windows", "holidays")]
        if not hours.time_zone or any(self.errors) or not all(table and table.is_valid() for table in others):
            return  # there are complaints enough already
        try:
            posted_calendar(hours)
        except CalendarError as error:
            self.never_opens = True
            posted(hours)["windows"].non_form_errors().append(str(error))

    def is_valid(self) -> bool:
        """The reason stands above the first table, where it is mended."""
        return super().is_valid() and not self.never_opens


def posted(hours: OfficeHours) -> dict[str, DayFormSet]:
    """The tables of this calendar that were read so far, by name."""
    tables: dict[str, DayFormSet] = hours.__dict__.setdefault("posted", {})
    return tables


def posted_calendar(hours: OfficeHours) -> BusinessCalendar:
    tables = posted(hours)
    week: dict[int, list[tuple[str, str]]] = {}
    for row in tables["windows"].values():
        week.setdefault(row["weekday"], []).append((row["opens"], row["closes"]))
    special: dict[date, list[tuple[str, str]]] = {}
    for row in tables["special_days"].values():
        special.setdefault(row["day"], []).append((row["opens"], row["closes"]))
    own = frozenset(row["day"] for row in tables["holidays"].values())
    closed = closed_days(hours, own)
    return BusinessCalendar(zone=hours.time_zone, week=week, holidays=closed, special_days=special)


def refuse_overlaps(rows: Iterable[tuple[Hashable, str, dict[str, Any]]]) -> None:
    """Raise ValidationError for two windows of one day (its key, its name, the row) that overlap."""
    days: dict[Hashable, list[tuple[str, str, str]]] = {}
    for key, name, row in rows:
        days.setdefault(key, []).append((row["opens"], row["closes"], name))
    for windows in days.values():
        for (opens, closes, name), (later, ends, _) in pairwise(sorted(windows)):
            if later < closes:
                raise ValidationError(
                    f"{name}: {opens}-{closes} and {later}-{ends} overlap. Make one of them shorter, or join them."
                )
