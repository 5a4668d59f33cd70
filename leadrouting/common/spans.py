"""Lengths of time as people write them: `15 min`, `1 h 30 min`, `2 d`, `00:15:00`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DurationField
from django.utils.translation import gettext as _

UNITS = {"d": 86400, "day": 86400, "h": 3600, "hour": 3600, "m": 60, "min": 60, "minute": 60, "s": 1, "sec": 1, "second": 1}  # fmt: skip
PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
LONGEST = timedelta(days=366)
BEYOND = 2 * LONGEST
"""What is longer is read as this: too long."""
SHORT = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def read(text: str) -> timedelta | None:
    """None: it is not written in units."""
    plain = text.strip().lower()
    parts = PART.findall(plain)
    if not parts or PART.sub("", plain).strip(" ,and"):
        return None
    sizes = [UNITS.get(unit) or UNITS.get(unit.removesuffix("s")) for _number, unit in parts]
    if None in sizes:
        return None
    seconds = sum(float(number) * (size or 0) for (number, _unit), size in zip(parts, sizes, strict=True))
    return timedelta(seconds=min(seconds, BEYOND.total_seconds()))


def written(span: timedelta) -> str:
    """All units that are not nought: `1 d 2 h`; `0 min` for nothing."""
    left, said = int(span.total_seconds()), []
    for unit, size in SHORT:
        number, left = divmod(left, size)
        if number:
            said.append(f"{number} {unit}")
    return " ".join(said) or "0 min"


class SpanField(DurationField):
    """A form's field for a length of time."""

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> timedelta | None:
        span: timedelta | None = super().clean(value)
        if span is not None and span > LONGEST:
            raise ValidationError(
                _("“{value}” is too long: a year ({days} d) is the most.").format(
                    value=value, days=LONGEST.days
                )
            )
        return span

    def to_python(self, value: Any) -> timedelta | None:
        if isinstance(value, str) and value.strip():
            if (span := read(value)) is not None:
                return span
            if ":" not in value:
                raise ValidationError(
                    _("“{value}” is no length of time. Write it like 15 min, 1 h 30 min or 2 d.").format(
                        value=value
                    )
                )
        return super().to_python(value)
