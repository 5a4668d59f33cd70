"""Fields of the office hours: a place out of one searchable list, and its holidays with a switch each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.forms import ChoiceField, MultipleChoiceField, Widget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelect2Widget

from leadrouting.common.place_names import REGIONS
from leadrouting.engine.values import fold
from leadrouting.teams.holidays import countries, name_of, place_in_words, public_holidays, subdivisions


@cache
def places() -> list[tuple[str, str]]:
    """All places by name: each country, then its parts. A value is `DE` or `DE-BY`, a name also the English one."""
    found = [("", "No public holidays")]
    for country, name in countries().items():
        found.append((country, name))
        for part, title in subdivisions(country).items():
            names = [title, *english_names(country, part, title)]
            code = "" if part == title else f" ({part})"
            found.append((f"{country}-{part}", f"{name}: {', '.join(names)}{code}"))
    return found


def english_names(country: str, part: str, title: str) -> list[str]:
    """How English calls a part whose name is in another language; abbreviations help nobody to read a list."""
    known = [name for name, code in REGIONS.get(country, {}).items() if code == part and len(name) > 4]
    return [name_of(name.replace(" ", "_")) for name in known if name != fold(title)]


def place_value(country: str, subdivision: str) -> str:
    return f"{country}-{subdivision}" if subdivision else country


class PlaceField(ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=places,
            required=False,
            label="Public holidays of",
            widget=UnfoldAdminSelect2Widget,
            help_text="Type a country, a state or a province to find it. A country alone: only the days that all of it shares.",
            **options,
        )


class WorkedWidget(Widget):
    """A list per year: date, name, and a box to tick where the office works all the same."""

    def __init__(self, place: tuple[str, str], years: Mapping[int, Mapping[date, str]]) -> None:
        super().__init__()
        self.place, self.years = place, years

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if hasattr(data, "getlist") else list(data.get(name, []))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # boxes that are not ticked are not posted

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        years = [(year, list(days.items())) for year, days in self.years.items()]
        context = {
            "name": name,
            "years": years,
            "ticked": set(value or ()),
            "place": place_in_words(*self.place),
        }
        return render_to_string("admin/teams/worked.html", context)


class WorkedField(MultipleChoiceField):
    def __init__(self, place: tuple[str, str], years: Iterable[int]) -> None:
        known = {year: public_holidays(*place, year) for year in years if place[0]}
        super().__init__(
            choices=[(day.isoformat(), title) for days in known.values() for day, title in days.items()],
            required=False,
            label="Public holidays, this year and next",
            widget=WorkedWidget(place, known),
            help_text="Closed all day, unless you tick “we work” (for that date alone). Half days are no public holidays: give them special hours below. Of a holiday that is observed on another day both days count.",
        )

    def to_python(self, value: Any) -> list[str]:
        """Ticks that belong to the place that was chosen before fall away with it."""
        return [day for day in super().to_python(value) if self.valid_value(day)]

    def clean(self, value: Any) -> list[date]:
        return sorted(date.fromisoformat(day) for day in super().clean(value))
