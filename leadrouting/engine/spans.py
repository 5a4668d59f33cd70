"""Which numbers a fact can have: between two ends, with so many decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from `low` to `high`, both included, of at most `places` decimals; None: without a limit."""

    low: Number | None = None
    high: Number | None = None
    places: int | None = None

    def __contains__(self, number: Number) -> bool:
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            return False
        return self.places is None or (Fraction(number) * 10**self.places).denominator == 1

    def inside(
        self, after: Number | None, before: Number | None, near: Number | None = None
    ) -> Number | None:
        """A number of the span between these two, which are left out; None when there is none.

        A whole one if there is one, next to an end: to the upper one for a `near` that lies beyond it. However
        wide the span is, it is not walked through.
        """
        for places in (0,) if self.places == 0 else (0, self.places):
            found = _middle(after, before) if places is None else self._step(after, before, near, places)
            if found is not None:
                return found
        return None

    def _step(
        self, after: Number | None, before: Number | None, near: Number | None, places: int
    ) -> Number | None:
        """The same in steps of so many decimals, counted exactly."""
        unit: int = 10**places
        firsts = [floor(Fraction(after) * unit) + 1] if after is not None else []
        lasts = [ceil(Fraction(before) * unit) - 1] if before is not None else []
        firsts += [ceil(Fraction(self.low) * unit)] if self.low is not None else []
        lasts += [floor(Fraction(self.high) * unit)] if self.high is not None else []
        if firsts and lasts and max(firsts) > min(lasts):
            return None
        if after is None and before is None:
            count = min([max([0, *firsts]), *lasts])
        elif after is None or (before is not None and near is not None and near >= before):
            count = min(lasts)
        else:
            count = max(firsts)
        return _exact(count, places)


ANY_NUMBER = Span()


def _exact(count: int, places: int) -> Number:
    whole, rest = divmod(count, 10**places)
    if not rest:
        return int(whole)
    with localcontext(prec=60):
        return Decimal(count).scaleb(-places)


def _middle(after: Number | None, before: Number | None) -> Number | None:
    """Exact, since operands have a bounded number of digits. Asked only where no whole number lies between."""
    if after is None or before is None:
        return None
    with localcontext(prec=60):
        return (Decimal(after) + Decimal(before)) / 2
