"""A flow picture laid out: how many go from where to where. Pure arithmetic; a template draws it.

Nodes stand in two columns, most first; a node's height is its count, a band's width its flow. Lengths are in
the units of the picture's viewBox.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

NODE = 10  # width
LINE = 20  # room for a label, however small its node
GAP = 8
HEIGHT = 260  # of all flows together
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Rest:
    """Stands for the nodes of a column that are too many to be drawn."""

    nodes: int


@dataclass(frozen=True, slots=True)
class Node:
    key: Hashable
    count: int
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 2)


@dataclass(frozen=True, slots=True)
class Band:
    """From `before`, at `y0`, to `after`, at `y1`; as wide as it carries."""

    before: Hashable
    after: Hashable
    count: int
    x0: float
    x1: float
    y0: float
    y1: float
    width: float

    @property
    def path(self) -> str:
        """As the `d` of an SVG path: two curves that leave and arrive level."""
        bend = round((self.x0 + self.x1) / 2, 2)
        low0, low1 = round(self.y0 + self.width, 2), round(self.y1 + self.width, 2)
        there = f"M{self.x0} {self.y0}C{bend} {self.y0} {bend} {self.y1} {self.x1} {self.y1}"
        return f"{there}V{low1}C{bend} {low1} {bend} {low0} {self.x0} {low0}Z"


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    before: tuple[Node, ...]
    after: tuple[Node, ...]
    bands: tuple[Band, ...]


Flows = Mapping[tuple[Hashable, Hashable], int]


def picture(flows: Flows, *, width: float, margin: float, shown: int = SHOWN) -> Picture:
    """`margin` is left free on both sides, for labels. Without flows there is nothing in the picture."""
    kept = folded({ends: count for ends, count in flows.items() if count > 0}, shown)
    total = sum(kept.values())
    scale = HEIGHT / total if total else 0.0
    before = column(sums(kept, 0), margin, scale)
    after = column(sums(kept, 1), width - margin - NODE, scale)
    height = max((node.y + max(node.height, LINE) for node in (*before, *after)), default=0.0)
    return Picture(width, round(height, 2), before, after, bands(kept, before, after, scale))


def folded(flows: Flows, shown: int) -> dict[tuple[Hashable, Hashable], int]:
    """The smallest nodes of each column as one, where there are more than can be shown."""
    small: list[dict[Hashable, Hashable]] = []
    for side in (0, 1):
        keys = list(sums(flows, side))
        rest = keys[shown - 1 :] if len(keys) > shown else []
        small.append(dict.fromkeys(rest, Rest(len(rest))))
    found: Counter[tuple[Hashable, Hashable]] = Counter()
    for (old, new), count in flows.items():
        found[small[0].get(old, old), small[1].get(new, new)] += count
    return dict(found)


def sums(flows: Flows, side: int) -> dict[Hashable, int]:
    """By node, most first; what was folded together comes last."""
    found: Counter[Hashable] = Counter()
    for ends, count in flows.items():
        found[ends[side]] += count
    order = sorted(found.items(), key=lambda item: (isinstance(item[0], Rest), -item[1]))
    return dict(order)


def column(counts: Mapping[Hashable, int], x: float, scale: float) -> tuple[Node, ...]:
    nodes: list[Node] = []
    y = 0.0
    for key, count in counts.items():
        height = count * scale
        slack = max(LINE - height, 0) / 2  # a thin node stands in the middle of its label's line
        nodes.append(Node(key, count, x, round(y + slack, 2), round(height, 2)))
        y += max(height, LINE) + GAP
    return tuple(nodes)


def bands(flows: Flows, before: tuple[Node, ...], after: tuple[Node, ...], scale: float) -> tuple[Band, ...]:
    """From the top of each column down, so that bands of one node do not cross."""
    filled = {node.key: node.y for node in after}
    drawn: list[Band] = []
    for old in before:
        y0 = old.y
        for new in after:
            if count := flows.get((old.key, new.key), 0):
                width = count * scale
                ends = (old.x + NODE, new.x, round(y0, 2), round(filled[new.key], 2))
                drawn.append(Band(old.key, new.key, count, *ends, round(width, 2)))
                y0 += width
                filled[new.key] += width
    return tuple(drawn)
