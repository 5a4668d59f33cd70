"""The places of a node with how specific they are for it, and what it names outside the nodes above it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from leadrouting.engine.territories.nodes import Node, chain
from leadrouting.engine.territories.postal import Area

ANYWHERE = ""


class Box(NamedTuple):
    """A country, or a region of it, or [low, end) of its postal keys, or both; "" for what is not said."""

    country: str
    region: str = ANYWHERE
    low: str = ANYWHERE
    end: str = ANYWHERE

    @property
    def level(self) -> int:
        return 3 if self.end else 2 if self.region else 1

    @property
    def length(self) -> int:
        return len(self.low)


def meet(one: Box, two: Box) -> Box | None:
    """What lies in both, as far as names say it; None when nothing does."""
    if one.country != two.country or (one.region and two.region and one.region != two.region):
        return None
    region = one.region or two.region
    if not two.end or (one.end and two.low <= one.low and one.end <= two.end and two.length <= one.length):
        return one if region == one.region else Box(one.country, region, one.low, one.end)
    if not one.end:
        return two if region == two.region else Box(one.country, region, two.low, two.end)
    low, end = max(one.low, two.low), min(one.end, two.end)
    if low >= end:
        return None
    longer = max(one.length, two.length)
    return Box(one.country, region, low.ljust(longer, "0"), end)


def own_boxes(node: Node) -> list[Box]:
    return [
        *[Box(country) for country in node.countries],
        *[Box(region.partition("-")[0], region) for region in node.regions],
        *[box_of(area) for area in node.areas],
    ]


def box_of(area: Area) -> Box:
    return Box(area.country, ANYWHERE, area.low, area.end)


class Boxes:
    """Boxes that can be asked which of them meet another: bisecting where they are postal areas."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self.all = tuple(dict.fromkeys(boxes))
        self._wide: dict[str, list[Box]] = defaultdict(list)
        postal: dict[str, list[Box]] = defaultdict(list)
        for box in self.all:
            (postal if box.end else self._wide)[box.country].append(box)
        self._postal = {}
        for country, found in postal.items():
            found.sort(key=lambda box: box.low)
            furthest = list(accumulate([box.end for box in found], max))
            self._postal[country] = found, furthest

    def met(self, box: Box) -> Iterator[Box]:
        for other in self._wide.get(box.country, ()):
            if (both := meet(box, other)) is not None:
                yield both
        found, furthest = self._postal.get(box.country, ((), ()))
        for at in range(bisect_right(furthest, box.low) if box.end else 0, len(found)):
            if box.end and found[at].low >= box.end:
                return
            if (both := meet(box, found[at])) is not None:
                yield both
                if both is box:
                    return  # all of it


class Outside(NamedTuple):
    """Something that a node names and the nodes above it do not, wholly or in part."""

    node: str
    said: str
    wholly: bool


class Reach:
    """Of every node by its code: its boxes (None: no node on its path names a place), and what lies outside.

    Where a place of the node meets a more specific one of any node above, that part is a box of its own.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.boxes: dict[str, Boxes | None] = {}
        self.outside: list[Outside] = []
        by_code = {node.code: node for node in nodes}
        for node in nodes:
            for one in chain(node, by_code):
                if one.code not in self.boxes:
                    self._add(one, by_code)

    def _add(self, node: Node, by_code: Mapping[str, Node]) -> None:
        above = self.boxes.get(node.parent) if node.parent else None
        if not node.names_where:
            self.boxes[node.code] = above
        elif above is None:
            self.boxes[node.code] = Boxes(own_boxes(node))
        else:
            found = own_boxes(node)
            further = self._further_up(node, above, by_code)
            for box in own_boxes(node):
                met = list(above.met(box))
                found += [one for one in met if one is not box]
                found += [one for boxes in further for one in boxes.met(box) if one is not box]
                if not met or (met[0] is not box and lost(box, met)):
                    self.outside.append(Outside(node.code, in_words(box), not met))
            self.boxes[node.code] = Boxes(found)
        self.outside += values_outside(node, by_code)

    def _further_up(self, node: Node, above: Boxes, by_code: Mapping[str, Node]) -> list[Boxes]:
        """Of the nodes above the parent, whose places say how specific the node is even where the parent's do not."""
        found = dict.fromkeys(self.boxes[one.code] for one in chain(node, by_code)[:-2])
        return [boxes for boxes in found if boxes is not None and boxes is not above]


def values_outside(node: Node, by_code: Mapping[str, Node]) -> Iterator[Outside]:
    above = chain(node, by_code)[:-1]
    for held, own in (
        ([one.industries for one in above], node.industries),
        ([one.accounts for one in above], node.accounts),
    ):
        for value in sorted({value for limit in held if limit for value in own - limit}):
            yield Outside(node.code, value, True)
    for one in above:
        if node.names_size and one.names_size:
            low, high = one.size_from or 0, one.size_to
            if (node.size_from or 0) < low or (high is not None and (node.size_to or high + 1) > high):
                apart = (node.size_to is not None and node.size_to < low) or (
                    high is not None and (node.size_from or 0) > high
                )
                yield Outside(node.code, "its company size", apart)


def lost(box: Box, met: Sequence[Box]) -> bool:
    """Whether a part of the box lies outside. Where areas lie in regions nobody here knows, so that is trusted."""
    if not box.end:
        return not any(one.level == box.level for one in met)
    at = box.low
    for one in sorted(met, key=lambda one: one.low):
        if one.low > at and filled(at, one.low) != one.low:
            return True
        at = max(at, one.end)
    return at < box.end


@lru_cache(maxsize=1024)
def filled(start: str, low: str) -> str:
    """The start in the length of `low`: 8 is 80000. Between 8000A and 80010 lies no number either."""
    if low.isdecimal() and not start.isdecimal():
        digits = start.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        start = str(int(digits) + 1) if digits.isdecimal() else start
    return start.ljust(len(low), "0")


def in_words(box: Box) -> str:
    return f"{box.country} {box.low}" if box.end else box.region or box.country
