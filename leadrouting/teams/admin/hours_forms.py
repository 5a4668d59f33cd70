"""Office hours are checked as a whole: the week and the rows of both tables make one calendar."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.forms import ModelForm, MultipleChoiceField
from django.utils import timezone

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.common.console.inlines import KeptFormSet
from leadrouting.teams.admin.fields import ZoneField
from leadrouting.teams.admin.hours_fields import PlaceField, WorkedField, place_value, places
from leadrouting.teams.admin.week_field import WeekField
from leadrouting.teams.calendars import closed_days
from leadrouting.teams.models import OfficeHours
from leadrouting.teams.week import Windows, week_of, written


class HoursForm(ModelForm):
    time_zone = ZoneField()
    week = WeekField()
    place = PlaceField()
    worked = MultipleChoiceField()  # for the chosen place, see below

    class Meta:
        model = OfficeHours
        fields = ["name", "time_zone"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        hours = self.instance
        self.initial["week"] = [written(windows) for windows in week_of(hours)]
        self.initial["place"] = place_value(hours.country, hours.subdivision)
        self.initial["worked"] = [day.isoformat() for day in hours.worked]
        country, _, part = self.chosen_place().partition("-")
        self.fields["worked"] = WorkedField((country, part), years_shown(hours))
        posted(hours)["form"] = self

    def chosen_place(self) -> str:
        chosen = self.data.get(self.add_prefix("place")) if self.is_bound else self.initial["place"]
        return chosen if chosen in dict(places()) else ""

    def clean(self) -> dict[str, Any]:
        """Dates that are worked on are kept for the years that the page does not show."""
        clean = super().clean() or self.cleaned_data
        hours = self.instance
        if "place" in clean:
            hours.country, _, hours.subdivision = clean["place"].partition("-")
        years = years_shown(hours)
        hidden = [day for day in hours.worked if day.year not in years]
        clean["worked"] = sorted({*hidden, *clean.get("worked", [])})
        hours.worked = clean["worked"]
        return clean

    def windows(self) -> dict[int, Windows]:
        return dict(enumerate(self.cleaned_data["week"]))


def years_shown(hours: OfficeHours) -> range:
    """This year and the next, as the office's clocks say."""
    zone = ZoneInfo(hours.time_zone) if hours.pk else None
    year = timezone.localdate(timezone=zone).year
    return range(year, year + 2)


class DayFormSet(KeptFormSet):
    """Rows of one calendar. They are left with the office hours, for the last table to put together."""

    def clean(self) -> None:
        super().clean()
        posted(self.instance)[self.prefix] = self

    def values(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.kept() if form.is_valid()]


class HolidayFormSet(DayFormSet):
    pass


class CalendarFormSet(DayFormSet):
    """The last table: with it the calendar is whole, and asked whether it ever opens."""

    never_opens = False

    def clean(self) -> None:
        super().clean()
        refuse_overlaps((row["day"], f"{row['day']:%d %b %Y}", row) for row in self.values())
        hours = self.instance
        form, holidays = posted(hours).get("form"), posted(hours).get("holidays")
        if any(self.errors) or not form or not form.is_valid() or not holidays or not holidays.is_valid():
            return  # there are complaints enough already
        try:
            calendar = posted_calendar(hours)
            calendar.next_opening(timezone.now())
        except CalendarError as error:
            self.never_opens = True
            form.add_error("week", str(error))

    def is_valid(self) -> bool:
        """The reason stands at the week, where it is mended."""
        return super().is_valid() and not self.never_opens


def posted(hours: OfficeHours) -> dict[str, Any]:
    """The form and the tables of this calendar that were read so far, by name."""
    parts: dict[str, Any] = hours.__dict__.setdefault("posted", {})
    return parts


def posted_calendar(hours: OfficeHours) -> BusinessCalendar:
    parts = posted(hours)
    special: dict[date, list[tuple[str, str]]] = {}
    for row in parts["special_days"].values():
        special.setdefault(row["day"], []).append((row["opens"], row["closes"]))
    own = frozenset(row["day"] for row in parts["holidays"].values())
    week = parts["form"].windows()
    return BusinessCalendar(
        zone=hours.time_zone, week=week, holidays=closed_days(hours, own), special_days=special
    )


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
