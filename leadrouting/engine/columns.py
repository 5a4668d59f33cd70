"""Columns of masks: for one fact, from a raw value to the bits whose question about it the value answers.

Each column is asked by subscription, `column[raw]`, so that a value seen before costs one look-up in C.
What is remembered is bounded; it is forgotten as a whole when full, which is safe while other threads read.
Only types are remembered whose equality means that they read the same (1 == True, but they print differently).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from types import NoneType
from typing import Any

from leadrouting.engine.terms import Exact, Hit
from leadrouting.engine.values import read_text

MEMORY = 4096
LONGEST_REMEMBERED = 200
_OTHER = object()  # a value that no rule names


def mask_of(bits: Iterable[int]) -> int:
    """The integer with these bits set."""
    chosen = sorted(bits)
    if not chosen:
        return 0
    octets = bytearray((chosen[-1] >> 3) + 1)
    for bit in chosen:
        octets[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(octets, "little")


class Column(dict[Any, int]):
    """Remembers `raw -> mask` for the types in `remembers`."""

    __slots__ = ("_blank",)
    remembers: frozenset[type] = frozenset((str, NoneType))

    def _remember(self, raw: Any, mask: int) -> int:
        kind = type(raw)
        if kind in self.remembers and (kind is not str or len(raw) <= LONGEST_REMEMBERED):
            if len(self) >= MEMORY:
                self.clear()
            self[raw] = mask
        return mask


class TextColumn(Column):
    """Choices, and text compared as a whole: a map from value to mask."""

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
        return self._remember(raw, self._blank if value is None else self._masks.get(value, self._default))


class YesNoColumn(TextColumn):
    """As choices; here 1 and True are the same."""

    __slots__ = ()
    remembers = frozenset((str, bool, NoneType))


class MemberColumn(Column):
    """Sets and places: per member the bits that it touches, and one above all that says it is not blank."""

    __slots__ = ("_default", "_mark", "_touched")
    remembers = frozenset((str,))

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
        return self._remember(member, 0 if value is None else self._touched.get(value, self._mark))


class PlaceColumn(Column):
    """Remembers whole paths: there are only as many as there are places."""

    __slots__ = ("_members",)
    remembers = frozenset((tuple,))

    def __init__(self, entries: Mapping[int, Hit], full: int) -> None:
        super().__init__()
        self._members = MemberColumn(entries, full)

    def __getitem__(self, raw: Any) -> int:
        if type(raw) is list:
            return super().__getitem__(tuple(raw))
        return self._members[raw]

    def __missing__(self, path: tuple[Any, ...]) -> int:
        mask = self._members[path]
        return self._remember(path, mask) if all(type(node) is str for node in path) else mask


class LinearColumn(Column):
    """What numbers and moments share: n break points cut the line into 2n + 1 classes, each with its mask."""

    __slots__ = ("_masks", "_points")

    def __init__(self, entries: Mapping[int, Exact], full: int) -> None:
        super().__init__()
        self._points: list[Any] = sorted({point for literal in entries.values() for point in literal.points})
        place = {point: 2 * index + 1 for index, point in enumerate(self._points)}
        toggles: dict[int, list[int]] = {}
        start_off, blank_off = [], []
        for bit, literal in entries.items():
            if not literal.passes(None):
                blank_off.append(bit)
            own = sorted(literal.points)
            state = literal.passes(self.between(None, own[0] if own else None))
            if not state:
                start_off.append(bit)
            for point, after in zip_longest(own, own[1:]):
                for position, sample in (
                    (place[point], point),
                    (place[point] + 1, self.between(point, after)),
                ):
                    if literal.passes(sample) is not state:
                        state = not state
                        toggles.setdefault(position, []).append(bit)
        self._blank = full ^ mask_of(blank_off)
        mask = full ^ mask_of(start_off)
        self._masks: list[int] = []
        for position in range(2 * len(self._points) + 1):
            if position in toggles:
                mask ^= mask_of(toggles[position])
            self._masks.append(mask)

    @staticmethod
    def between(low: Any, high: Any) -> Any:
        """A value strictly between two points; None stands for no end."""
        raise NotImplementedError

    def _class_of(self, value: Any) -> int:
        points = self._points
        index = bisect_left(points, value)
        return self._masks[2 * index + (index < len(points) and points[index] == value)]
