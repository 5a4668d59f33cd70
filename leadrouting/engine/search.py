"""The column of text searches: each different pattern is tried once for a text, for all rules together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadrouting.engine.columns import LONGEST_REMEMBERED, _Column, mask_of
from leadrouting.engine.operators import Operator
from leadrouting.engine.terms import Hit
from leadrouting.engine.values import read_text


class SearchColumn(_Column):
    """Starts with, ends with: one look-up per length in use. Contains, matches: one try per pattern."""

    __slots__ = ("_default", "_ends", "_parts", "_patterns", "_starts")

    def __init__(self, entries: Mapping[int, Hit], full: int) -> None:
        super().__init__()
        bits: dict[Operator, dict[Any, list[int]]] = {}
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
        self._parts = tuple(masks.get(Operator.CONTAINS, {}).items())
        self._patterns = tuple((p.search, mask) for p, mask in masks.get(Operator.MATCHES, {}).items())

    def __missing__(self, raw: Any) -> int:
        value = read_text(raw)
        mask = self._blank if value is None else self._default ^ self._hits(value)
        if type(raw) is str and len(raw) <= LONGEST_REMEMBERED:
            return self._remember(raw, mask)
        return mask

    def _hits(self, value: str) -> int:
        hits = 0
        for length, starts in self._starts:
            hits |= starts.get(value[:length], 0)
        for length, ends in self._ends:
            hits |= ends.get(value[-length:], 0)
        for part, mask in self._parts:
            if part in value:
                hits |= mask
        for search, mask in self._patterns:
            if search(value) is not None:
                hits |= mask
        return hits


def _by_length(masks: Mapping[str, int]) -> tuple[tuple[int, dict[str, int]], ...]:
    grouped: dict[int, dict[str, int]] = {}
    for text, mask in masks.items():
        grouped.setdefault(len(text), {})[text] = mask
    return tuple(sorted(grouped.items()))
