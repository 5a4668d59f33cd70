"""Boxes on a grid: which of many meet a box, and which contain it, all at once by bit masks.

As in matching (see `engine.compile`), for each variable and value a mask with one bit per box.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from leadrouting.engine.analysis.formula import Box


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Grid:
    """Bit n of an answer stands for `boxes[n]`. A box that names no variable is met by all."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self.all = (1 << len(boxes)) - 1
        self._cells: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._free: dict[int, int] = defaultdict(lambda: self.all)
        self._met: dict[tuple[int, int], int] = {}
        self._held: dict[tuple[int, int], int] = {}
        for place, box in enumerate(boxes):
            for variable, values in box.items():
                self._free[variable] ^= 1 << place
                self._cells[variable][values] |= 1 << place

    def meeting(self, box: Box) -> int:
        """The boxes that have a value in common with this one, variable by variable."""
        mask = self.all
        for literal in box.items():
            if literal not in self._met:
                variable, values = literal
                asked = (m for asks, m in self._cells[variable].items() if asks & values)
                self._met[literal] = _union(asked) | self._free[variable]
            mask &= self._met[literal]
        return mask

    def containing(self, box: Box) -> int:
        """The boxes that have all the values of this one."""
        mask = self.all
        for variable, free in self._free.items():
            values = box.get(variable)
            if values is None:
                mask &= free
                continue
            if (variable, values) not in self._held:
                asked = (m for asks, m in self._cells[variable].items() if not values & ~asks)
                self._held[variable, values] = _union(asked) | free
            mask &= self._held[variable, values]
        return mask


def _union(masks: Iterator[int]) -> int:
    united = 0
    for mask in masks:
        united |= mask
    return united


def hull(boxes: Sequence[Box], full: Sequence[int]) -> Box:
    """The smallest box around all of these."""
    around = dict(boxes[0])
    for box in boxes[1:]:
        around = {variable: values | box[variable] for variable, values in around.items() if variable in box}
    return {variable: values for variable, values in around.items() if values != full[variable]}
