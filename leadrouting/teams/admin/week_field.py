"""A week on one page: a line for each day, drawn beside it, and hours copied from one day to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Field, Widget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.widgets import INPUT_CLASSES

from leadrouting.businesstime import CalendarError
from leadrouting.businesstime.schedule import WEEKDAYS
from leadrouting.teams.week import HOW, Windows, read_line

COPY = "_copy"
DAY = 24 * 60
GROUPS = {
    "weekdays": ("Monday to Friday", range(5)),
    "all": ("every day", range(7)),
    "weekend": ("Saturday and Sunday", range(5, 7)),
}
TARGETS = {**GROUPS, **{str(number): (name, [number]) for number, name in enumerate(WEEKDAYS)}}


@dataclass(frozen=True, slots=True)
class Line:
    """One day as typed. Bars are per cent of the day: where one begins and how long it is."""

    name: str
    text: str
    fault: str
    bars: Sequence[tuple[float, float]]


def line(name: str, text: str) -> Line:
    try:
        windows = read_line(name, text)
    except CalendarError as error:
        return Line(name, text, str(error), [])
    return Line(name, text, "", [bar(*window) for window in windows])


def bar(opens: str, closes: str) -> tuple[float, float]:
    first, last = (100 * (int(clock[:2]) * 60 + int(clock[3:])) / DAY for clock in (opens, closes))
    return round(first, 3), round(last - first, 3)


class WeekWidget(Widget):
    """Seven texts. The button that copies posts the form, and the posted day stands in for the others."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        texts = [str(data.get(f"{name}_{number}", "")) for number in range(7)]
        source, target = str(data.get(f"{name}_from", "")), str(data.get(f"{name}_to", ""))
        if COPY in data and target in TARGETS and source in map(str, range(7)):
            for number in TARGETS[target][1]:
                texts[number] = texts[int(source)]
        return texts

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{number}" in data for number in range(7))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        texts = value or [""] * 7
        context = {
            "name": name,
            "lines": [line(day, text) for day, text in zip(WEEKDAYS, texts, strict=True)],
            "targets": [(key, label) for key, (label, _) in TARGETS.items()],
            "classes": " ".join(INPUT_CLASSES),
            "copy": COPY,
        }
        return render_to_string("admin/teams/week.html", context)


class WeekField(Field):
    """Cleans to the windows of seven days."""

    widget = WeekWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, help_text=HOW, **options)

    def clean(self, value: Any) -> list[Windows]:
        week, faults = [], []
        for day, text in zip(WEEKDAYS, value, strict=True):
            try:
                week.append(read_line(day, text))
            except CalendarError as error:
                faults.append(str(error))
        if faults:
            raise ValidationError(faults)
        return week

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [text.strip() for text in initial or [""] * 7] != [text.strip() for text in data]
