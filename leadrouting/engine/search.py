"""Columns of text searches: what several rules look for is looked for once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from leadrouting.engine.columns import Column, mask_of
from leadrouting.engine.operators import Operator
from leadrouting.engine.terms import Hit
from leadrouting.engine.values import read_text

FEW_PARTS = 64
GRAM = 3


class SearchColumn(Column):
    """Starts with, ends with: one look-up per length in use. Contains: tried one by one while they are few;
    beyond that, each is filed under its rarest three letters, and only those that the text has are tried.
    """

    __slots__ = ("_default", "_ends", "_filed", "_parts", "_starts")

    def __init__(self, entries: Mapping[int, Hit], full: int) -> None:
        super().__init__()
        bits: dict[Operator, dict[str, list[int]]] = {}
        for bit, hit in entries.items():
            for operator, operand in hit.patterns:
                bits.setdefault(operator, {}).setdefault(operand, []).append(bit)
        masks = {
            operator: {operand: mask_of(which) for operand, which in found.items()}
            for operator, found in bits.items()
        }
        self._blank = full ^ mask_of(bit for bit, hit in entries.items() if not hit.blank)
        self._default = full ^ mask_of(bit for bit, hit in entries.items() if not hit.default)
        self._starts = _by_length(masks.get(Operator.STARTS_WITH, {}))
        self._ends = _by_length(masks.get(Operator.ENDS_WITH, {}))
        self._parts, self._filed = _filed(masks.get(Operator.CONTAINS, {}))

    def __missing__(self, raw: Any) -> int:
        value = read_text(raw)
        if value is None:
            return self._no_value(raw)
        mask = self._default ^ self._hits(value)
        return self._remember(raw, mask) if type(raw) is str else mask

    def _hits(self, value: str) -> int:
        hits = 0
        for length, starts in self._starts:
            hits |= starts.get(value[:length], 0)
        for length, ends in self._ends:
            hits |= ends.get(value[-length:], 0)
        for part, mask in self._parts:
            if part in value:
                hits |= mask
        if self._filed:
            for gram in self._filed.keys() & set(_grams(value)):
                for part, mask in self._filed[gram]:
                    if part in value:
                        hits |= mask
        return hits


class PatternColumn(Column):
    """One RE2 pattern, tried only when a candidate asks for it."""

    __slots__ = ("_default", "_hit", "_search")

    def __init__(self, entries: Mapping[int, Hit], full: int) -> None:
        super().__init__()
        ((_, pattern),) = next(iter(entries.values())).patterns
        self._search = pattern.search
        self._blank = full ^ mask_of(bit for bit, hit in entries.items() if not hit.blank)
        self._default = full ^ mask_of(bit for bit, hit in entries.items() if not hit.default)
        self._hit = self._default ^ mask_of(entries)

    def __missing__(self, raw: Any) -> int:
        value = read_text(raw)
        if value is None:
            return self._no_value(raw)
        mask = self._default if self._search(value) is None else self._hit
        return self._remember(raw, mask) if type(raw) is str else mask


def _by_length(masks: Mapping[str, int]) -> tuple[tuple[int, dict[str, int]], ...]:
    grouped: dict[int, dict[str, int]] = {}
    for text, mask in masks.items():
        grouped.setdefault(len(text), {})[text] = mask
    return tuple(sorted(grouped.items()))


_Parts = tuple[tuple[str, int], ...]


def _filed(masks: Mapping[str, int]) -> tuple[_Parts, dict[str, _Parts]]:
    """What is tried always, and what is tried where the text has its rarest gram."""
    if len(masks) <= FEW_PARTS:
        return tuple(masks.items()), {}
    common = Counter(gram for part in masks for gram in set(_grams(part)))
    filed: dict[str, _Parts] = {}
    for part, mask in masks.items():
        if len(part) >= GRAM:
            rarest = min(_grams(part), key=common.__getitem__)
            filed[rarest] = (*filed.get(rarest, ()), (part, mask))
    return tuple((part, mask) for part, mask in masks.items() if len(part) < GRAM), filed


def _grams(text: str) -> Iterator[str]:
    return (text[start : start + GRAM] for start in range(len(text) - GRAM + 1))
