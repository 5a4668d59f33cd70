"""Columns of masks: for one fact, from a raw value to the bits whose question about it the value answers.

Each column is asked by subscription, `column[raw]`, so that a value seen before costs one look-up in C.
What is remembered is bounded; it is forgotten as a whole when full, which is safe while other threads read.
Only types are remembered whose equality means that they read the same (1 == True, but they print differently).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from typing import Any

from leadrouting.engine.terms import Exact, Hit
from leadrouting.engine.values import members_of, read_text, read_yes_no

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
    """Remembers `raw -> mask`; `_blank` is the mask for a lead without the fact."""

    __slots__ = ("_blank",)
    _blank: int

    def _remember(self, raw: Any, mask: int) -> int:
        if type(raw) is not str or len(raw) <= LONGEST_REMEMBERED:
            if len(self) >= MEMORY:
                self.clear()
            self[raw] = mask
        return mask

    def _no_value(self, raw: Any) -> int:
        return self._remember(raw, self._blank) if raw is None else self._blank


class ChoiceColumn(Column):
    """Values compared as a whole: a map from value to mask."""

    __slots__ = ("_default", "_masks")

    def __init__(self, entries: Mapping[int, Exact], full: int) -> None:
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
        self._default = full ^ mask_of(default_off)
        self._blank = full ^ mask_of(blank_off)
        self._masks = {value: self._default ^ mask_of(bits) for value, bits in toggles.items()}

    def __missing__(self, raw: Any) -> int:
        value = read_text(raw)
        mask = self._blank if value is None else self._masks.get(value, self._default)
        return self._remember(raw, mask) if raw is None or type(raw) is str else mask


class TextColumn(ChoiceColumn):
    """As choices, but only what some rule names is remembered: other texts seldom come back."""

    __slots__ = ()

    def __missing__(self, raw: Any) -> int:
        value = read_text(raw)
        if value is None:
            return self._no_value(raw)
        mask = self._masks.get(value)
        if mask is None:
            return self._default
        return self._remember(raw, mask) if type(raw) is str else mask


class YesNoColumn(ChoiceColumn):
    """As choices; here 1 and True are the same, so both may be remembered."""

    __slots__ = ()

    def __missing__(self, raw: Any) -> int:
        value = read_yes_no(raw)
        if value is None:
            return self._no_value(raw)
        return self._remember(raw, self._masks.get(value, self._default))


class MemberColumn(Column):
    """Sets: per member the bits that it touches, and one above all that says it is not blank."""

    __slots__ = ("_default", "_members")

    def __init__(self, entries: Mapping[int, Hit], full: int) -> None:
        super().__init__()
        touched: dict[str, list[int]] = {}
        for bit, hit in entries.items():
            for _, member in hit.patterns:
                touched.setdefault(member, []).append(bit)
        mark = full + 1
        self._members = _Members({member: mark | mask_of(bits) for member, bits in touched.items()}, mark)
        self._blank = full ^ mask_of(bit for bit, hit in entries.items() if not hit.blank)
        self._default = mark | full ^ mask_of(bit for bit, hit in entries.items() if not hit.default)

    def __getitem__(self, raw: Any) -> int:
        members, touched = self._members, 0
        for member in raw if type(raw) is list else members_of(raw):
            touched |= members[member]
        return self._default ^ touched if touched else self._blank


class PlaceColumn(MemberColumn):
    """As sets, but whole paths are remembered: there are only as many as there are places."""

    __slots__ = ("_paths",)

    def __init__(self, entries: Mapping[int, Hit], full: int) -> None:
        super().__init__(entries, full)
        self._paths = _Paths(super().__getitem__)

    def __getitem__(self, raw: Any) -> int:
        return self._paths[tuple(raw)] if type(raw) is list else super().__getitem__(raw)


class _Paths(Column):
    __slots__ = ("_ask",)

    def __init__(self, ask: Callable[[Any], int]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, path: tuple[Any, ...]) -> int:
        mask = self._ask(path)
        plain = all(type(node) is str and len(node) <= LONGEST_REMEMBERED for node in path)
        return self._remember(path, mask) if plain else mask


class _Members(Column):
    """Bits touched by one member, which may be blank."""

    __slots__ = ("_mark", "_touched")

    def __init__(self, touched: dict[str, int], mark: int) -> None:
        super().__init__()
        self._touched = touched
        self._mark = mark

    def __missing__(self, raw: Any) -> int:
        value = read_text(raw)
        mask = 0 if value is None else self._touched.get(value, self._mark)
        return self._remember(raw, mask) if type(raw) is str else mask


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
