"""Columns of ordered values: numbers and moments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any

from leadrouting.engine.columns import LinearColumn
from leadrouting.engine.terms import Exact
from leadrouting.engine.values import read_moment, read_number

_PLAIN = frozenset((str, float, Decimal))
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class NumberColumn(LinearColumn):
    """Bisects floats first. Rounding to a float keeps the order, so a float that lies between two break
    points' floats says which class the exact number is in; only one that meets a break point is read exactly.
    """

    __slots__ = ("_floats",)

    def __init__(self, entries: Mapping[int, Exact], full: int) -> None:
        super().__init__(entries, full)
        self._floats = [float(point) for point in self._points]

    @staticmethod
    def between(low: Any, high: Any) -> Any:
        """Exact, since operands have a bounded number of digits."""
        if low is None or high is None:
            return Decimal("-Infinity" if low is None else "Infinity")
        with localcontext() as context:
            context.prec = 60
            return (Decimal(low) + Decimal(high)) / 2

    def __missing__(self, raw: Any) -> int:
        kind = type(raw)
        if kind is int:
            return self._remember(raw, self._class_of(raw))
        if kind in _PLAIN:
            try:
                rounded = float(raw)
            except (ValueError, OverflowError):
                rounded = float("nan")
            if -1e300 < rounded < 1e300:
                index = bisect_left(self._floats, rounded)
                if index == len(self._floats) or self._floats[index] != rounded:
                    return self._masks[2 * index]
        value = read_number(raw)
        return self._no_value(raw) if value is None else self._class_of(value)


class MomentColumn(LinearColumn):
    """Remembers nothing, since moments do not come back."""

    __slots__ = ()

    @staticmethod
    def between(low: Any, high: Any) -> Any:
        """At neighbouring microseconds this is one of the two, which harms nothing: no value lies between."""
        if low is None or high is None:
            return _FIRST if low is None else _LAST
        return low + (high - low) / 2

    def __getitem__(self, raw: Any) -> int:
        value = read_moment(raw)
        return self._blank if value is None else self._class_of(value)
