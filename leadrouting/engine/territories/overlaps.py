"""Territories that claim the same leads, though neither lies within the other.

Where one is more specific by a kind or by the level of its place, that decides, and it is no overlap: named
accounts beside countries are how one builds a tree. Two nodes overlap when some lead lies in both and both
name accounts or neither does, hold it by the same level of place (a country, a region or a postal area), and
name equally many kinds. Then only the width of a postal area, the depth or the code decides.

1. Nodes with the same places on their path are one group. Groups that meet are found by dictionaries for
   countries and regions, and for postal areas by a sweep over their ends.
2. Within two groups that meet, pairs are found by account, else by industry, and checked in full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from leadrouting.engine.territories.compile import Ready, ready
from leadrouting.engine.territories.nodes import Node, Spot, chain, domains
from leadrouting.engine.territories.reach import Box, Reach, meet

MOST = 1_000
"""So many overlaps are looked for; a tree with more has to be mended in steps anyway."""


class Overlap(NamedTuple):
    """Two nodes by their codes, in the order of the alphabet, and a lead that lies in both."""

    one: str
    two: str
    sample: Spot


class Group(NamedTuple):
    boxes: Sequence[Box]
    nodes: Sequence[Ready]


def overlaps(nodes: Iterable[Node], limit: int | None = MOST, reach: Reach | None = None) -> list[Overlap]:
    """At most `limit` overlaps, each pair once."""
    nodes = list(nodes)
    reach = reach or Reach(nodes)
    found: dict[tuple[str, str], Overlap] = {}
    for one, two, box in meeting(grouped(nodes, reach)):
        for overlap in between(one, two, box):
            found.setdefault(overlap[:2], overlap)
            if limit is not None and len(found) >= limit:
                return sorted(found.values(), key=lambda one: one[:2])
    return sorted(found.values(), key=lambda one: one[:2])


def grouped(nodes: Sequence[Node], reach: Reach) -> list[Group]:
    by_code = {node.code: node for node in nodes}
    by_boxes: dict[frozenset[Box] | None, tuple[Sequence[Box], list[Ready]]] = {}
    keys = {id(boxes): frozenset(boxes.all) for boxes in reach.boxes.values() if boxes is not None}
    for node in nodes:
        boxes = reach.boxes[node.code]
        if not node.is_empty:
            held = boxes.all if boxes is not None else ()
            asked = ready(chain(node, by_code), {})
            if boxes is None or held:
                by_boxes.setdefault(keys.get(id(boxes)), (held, []))[1].append(asked)
    return [Group(*found) for found in by_boxes.values()]


def meeting(groups: Sequence[Group]) -> Iterator[tuple[Group, Group, Box | None]]:
    """Pairs of groups (also a group with itself) with a box in both, at each level of place once or more."""
    named: dict[tuple[str, str], list[Group]] = defaultdict(list)
    postal: dict[str, list[tuple[str, int, Box]]] = defaultdict(list)
    for at, group in enumerate(groups):
        if not group.boxes:
            yield group, group, None
        for box in group.boxes:
            if box.end:
                postal[box.country].append((box.low, at, box))
            else:
                named[box.country, box.region].append(group)
    seen: set[tuple[int, int, bool]] = set()
    for (country, region), found in named.items():
        for at, one in enumerate(found):
            for two in found[at:]:
                pair = (id(one), id(two), bool(region))
                if pair not in seen:
                    seen.add(pair)
                    yield one, two, Box(country, region)
    for boxes in postal.values():
        for first, second, box in swept(boxes):
            yield groups[first], groups[second], box


def swept(boxes: list[tuple[str, int, Box]]) -> Iterator[tuple[int, int, Box]]:
    """Pairs of groups whose areas meet, each pair once."""
    active: dict[int, tuple[int, Box]] = {}
    ends: list[tuple[str, int]] = []
    seen: set[tuple[int, int]] = set()
    for number, (low, group, box) in enumerate(sorted(boxes)):
        while ends and ends[0][0] <= low:
            del active[heappop(ends)[1]]
        active[number] = group, box
        heappush(ends, (box.end, number))
        for other, theirs in active.values():
            pair = (min(other, group), max(other, group))
            if pair not in seen and (both := meet(theirs, box)) is not None:
                seen.add(pair)
                yield other, group, both


def between(one: Group, two: Group, box: Box | None) -> Iterator[Overlap]:
    for a, b in pairs(one.nodes, two.nodes):
        first, second = (a, b) if a.path[-1] < b.path[-1] else (b, a)
        if same_rank(a, b) and apart(a, b) and (sample := common(a, b, box)) is not None:
            yield Overlap(first.path[-1], second.path[-1], sample)


def pairs(ones: Sequence[Ready], twos: Sequence[Ready]) -> Iterator[tuple[Ready, Ready]]:
    """Those that may have an account or an industry in common; not every one with every one."""
    by_value: dict[str, list[Ready]] = defaultdict(list)
    for b in twos:
        for value in values(b):
            by_value[value].append(b)
    for a in ones:
        if a.industries is None and not a.accounts:
            for b in twos:
                if not b.accounts:
                    yield a, b
            continue
        for value in (*values(a), *([] if a.accounts else [""])):
            for b in by_value.get(value, ()):
                yield a, b


def values(node: Ready) -> Iterable[str]:
    if node.accounts:
        return {"@" + one for account in node.accounts for one in domains(account)}
    return [""] if node.industries is None else node.industries


def same_rank(one: Ready, two: Ready) -> bool:
    return bool(one.accounts) == bool(two.accounts) and one.rank[0] == two.rank[0]


def apart(one: Ready, two: Ready) -> bool:
    """Neither lies on the path of the other."""
    return one.path[-1] not in two.path and two.path[-1] not in one.path


def common(one: Ready, two: Ready, box: Box | None) -> Spot | None:
    """A lead that fits all that both ask for besides the place, in this box; None when there is none."""
    industry, size, account = "", None, ""
    asked = [node.industries for node in (one, two) if node.industries is not None]
    if asked:
        shared = frozenset.intersection(*asked)
        if not shared:
            return None
        industry = min(shared)
    if one.asks_size or two.asks_size:
        size = max(one.low, two.low)
        if any(node.high is not None and node.high < size for node in (one, two)):
            return None
    if one.accounts:
        both = [one.accounts, two.accounts or frozenset()]
        found = [
            account
            for account in sorted(frozenset.union(*both))
            if not any(accounts.isdisjoint(domains(account)) for accounts in both)
        ]
        if not found:
            return None
        account = found[0]
    place = box or Box("")
    return Spot(place.country, place.region, place.low, industry, size, domains(account) if account else ())
