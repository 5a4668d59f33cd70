"""Columns of masks: for one fact, from a raw value to the bits (rules) whose question about it it answers.

Each column is asked by subscription, `column[raw]`, so that a value seen before costs one look-up in C.
What is remembered is bounded; it is forgotten as a whole when full, which is safe while other threads read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from itertools import zip_longest
from typing import Any

from leadrouting.engine.terms import Exact, Hit
from leadrouting.engine.values import read_moment, read_number, read_text

MEMORY = 4096
LONGEST_REMEMBERED = 200
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_OTHER = object()  # a value that no rule names


def mask_of(bits: Iterable[int]) -> int:
    """The integer with these bits set."""
    mask = 0
    for bit in bits:
        mask |= 1 << bit
    return mask


class _Column(dict[Any, int]):
    """Remembers `raw -> mask`; only for types whose equality means that they read the same."""

    __slots__ = ("_blank",)

    def _remember(self, raw: Any, mask: int) -> int:
        if len(self) >= MEMORY:
            self.clear()
        self[raw] = mask
        return mask


class ExactColumn(_Column):
    """Choice, yes/no, and text compared as a whole: a map from value to mask."""

    __slots__ = ("_default", "_masks", "_read")

    def __init__(self, entries: Mapping[int, Exact], full: int, read: Callable[[Any], Any]) -> None:
        super().__init__()
        toggles: dict[Any, list[int]] = {}
        default_off, blank_off = [], []
        for bit, literal in entries.items():
            default = literal.passes(_OTHER)
            if not default:
                default_off.append(bit)
            if not literal.passes(None):
                blank_off.append(bit)
            for point in literal.points:
                if literal.passes(point) is not default:
                    toggles.setdefault(point, []).append(bit)
        self._read = read
        self._default = full ^ mask_of(default_off)
        self._blank = full ^ mask_of(blank_off)
        self._masks = {value: self._default ^ mask_of(bits) for value, bits in toggles.items()}

    def __missing__(self, raw: Any) -> int:
        value = self._read(raw)
        mask = self._blank if value is None else self._masks.get(value, self._default)
        if raw is None or (type(raw) is str and len(raw) <= LONGEST_REMEMBERED):
            return self._remember(raw, mask)
        return mask


class NumberColumn(_Column):
    """Ranges by bisecting break points: n points cut the line into 2n + 1 classes, each with its mask."""

    __slots__ = ("_masks", "_points")

    def __init__(self, entries: Mapping[int, Exact], full: int) -> None:
        super().__init__()
        self._points = sorted({point for literal in entries.values() for point in literal.points})
        place = {point: 2 * index + 1 for index, point in enumerate(self._points)}
        start_off, blank_off = [], []
        toggles: dict[int, list[int]] = {}
        for bit, literal in entries.items():
            if not literal.passes(None):
                blank_off.append(bit)
            own = sorted(literal.points)
            state = literal.passes(self._between(None, own[0] if own else None))
            if not state:
                start_off.append(bit)
            for point, after in zip_longest(own, own[1:]):
                for position, sample in (
                    (place[point], point),
                    (place[point] + 1, self._between(point, after)),
                ):
                    if literal.passes(sample) is not state:
                        state = not state
                        toggles.setdefault(position, []).append(bit)
        self._blank = full ^ mask_of(blank_off)
        mask = full ^ mask_of(start_off)
        self._masks = []
        for position in range(2 * len(self._points) + 1):
            mask ^= mask_of(toggles.get(position, ()))
            self._masks.append(mask)

    @staticmethod
    def _between(low: Any, high: Any) -> Any:
        """A value strictly between two points, None for no end. Exact, since operands are bounded."""
        if low is None or high is None:
            return Decimal("-Infinity" if low is None else "Infinity")
        with localcontext() as context:
            context.prec = 60
            return (Decimal(low) + Decimal(high)) / 2

    def __missing__(self, raw: Any) -> int:
        value = read_number(raw)
        if value is None:
            mask = self._blank
        else:
            mask = self._masks[bisect_left(self._points, value) + bisect_right(self._points, value)]
        if type(raw) is int or raw is None:
            return self._remember(raw, mask)
        return mask


class MomentColumn(NumberColumn):
    """As numbers; nothing is remembered, since moments do not come back."""

    __slots__ = ()

    @staticmethod
    def _between(low: Any, high: Any) -> Any:
        if low is None or high is None:
            return _FIRST if low is None else _LAST
        return low + (high - low) / 2

    def __getitem__(self, raw: Any) -> int:
        value = read_moment(raw)
        if value is None:
            return self._blank
        return self._masks[bisect_left(self._points, value) + bisect_right(self._points, value)]


class MemberColumn(_Column):
    """Sets and places: per member the bits that it touches, and one above all that says it is not blank."""

    __slots__ = ("_default", "_mark", "_touched")

    def __init__(self, entries: Mapping[int, Hit], full: int) -> None:
        super().__init__()
        touched: dict[str, list[int]] = {}
        for bit, hit in entries.items():
            for _, member in hit.patterns:
                touched.setdefault(member, []).append(bit)
        self._mark = full + 1
        self._blank = full ^ mask_of(bit for bit, hit in entries.items() if not hit.blank)
        self._default = self._mark | full ^ mask_of(bit for bit, hit in entries.items() if not hit.default)
        self._touched = {member: self._mark | mask_of(bits) for member, bits in touched.items()}

    def __getitem__(self, raw: Any) -> int:
        touched = 0
        get = super().__getitem__
        for member in raw if isinstance(raw, (list, tuple, set, frozenset)) else (raw,):
            touched |= get(member)
        return self._default ^ touched if touched else self._blank

    def __missing__(self, member: Any) -> int:
        value = read_text(member)
        mask = 0 if value is None else self._touched.get(value, self._mark)
        if type(member) is str and len(member) <= LONGEST_REMEMBERED:
            return self._remember(member, mask)
        return mask
