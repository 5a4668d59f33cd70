"""A figure as a value: what was divided by what, what came out, and how people read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DASH = "–"


class Unit(StrEnum):
    SECONDS = "seconds"
    PERCENT = "percent"
    INDEX = "index"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is numerator / denominator, for a percentage times 100; durations are in seconds.

    `formula` says in words what the two are. Where there is nothing to divide by, `value` is None.
    """

    key: str
    label: str
    unit: Unit
    numerator: float
    denominator: float
    formula: str

    @property
    def value(self) -> float | None:
        if not self.denominator:
            return None
        return self.numerator / self.denominator * (100 if self.unit is Unit.PERCENT else 1)

    @property
    def shown(self) -> str:
        """The value for people, a dash for none: "4 min 12 s", "63.4 %", "0.42", "1,250.00"."""
        return DASH if self.value is None else show(self.value, self.unit)

    @property
    def parts(self) -> str:
        """What was divided, for people: "63 ÷ 100", "7 min 3 s ÷ 5"."""
        above = self.numerator
        shown = duration(above) if self.unit is Unit.SECONDS else plain(above)
        return f"{shown} ÷ {plain(self.denominator)}"


def show(value: float, unit: Unit) -> str:
    match unit:
        case Unit.SECONDS:
            return duration(value)
        case Unit.PERCENT:
            return f"{value:.1f} %"
        case Unit.MONEY:
            return f"{value:,.2f}"
        case Unit.INDEX:
            return f"{value:.2f}"


def duration(seconds: float) -> str:
    """The two largest units: "0.3 s", "45 s", "4 min 12 s", "3 h 5 min", "2 d 4 h"."""
    if seconds < 0:
        return f"−{duration(-seconds)}"
    if seconds < 9.95:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    whole = round(seconds)
    for name, size, smaller, part in (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            whole = round(whole / part) * part
            rest = whole % size // part
            return f"{whole // size} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"


def plain(number: float) -> str:
    """A count or a sum without a trailing .00."""
    return f"{number:,.2f}".removesuffix(".00")
