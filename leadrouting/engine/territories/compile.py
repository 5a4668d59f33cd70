"""The tree compiled for lookup: dictionaries for what is equal, bisecting for postal areas.

1. Equal sets of places are one `where`. Countries and regions lead to the wheres that name them, postal codes
   to the segments between the ends of all areas of their country, and a segment to its wheres.
2. Of the wheres that hold the lead come the nodes for which it is the nearest, by industry; nodes with named
   accounts come by account alone.
3. These few are checked in full, and the most specific wins (see `nodes`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from leadrouting.engine.territories.nodes import COUNTRY, POSTAL, REGION, Node, Spot, chain
from leadrouting.engine.territories.postal import Area
from leadrouting.engine.territories.walk import kinds

FIRST = itemgetter(0)
NOWHERE = -1
"""The where of nodes that name no place, nor does one above them."""

Entry = tuple[int, float, int]
"""A where, how specific its area is, and how long a code must be to lie in it."""


class Ready(NamedTuple):
    """A node with what it asks for: of each kind what it names, or the nearest above. None: not asked.

    Of `wheres`, from the root down, the last must hold the lead; all that do say how specific the node is.
    """

    path: tuple[str, ...]
    wheres: tuple[int, ...]
    industries: frozenset[str] | None
    low: int
    high: int | None
    asks_size: bool
    accounts: frozenset[str] | None
    rank: tuple[int, int, str]


class Segments(NamedTuple):
    """One country's postal codes: from `starts[i]` on until the next start, `entries[i]` hold the code."""

    starts: Sequence[str]
    entries: Sequence[tuple[Entry, ...]]

    def at(self, key: str) -> tuple[Entry, ...]:
        found = bisect_right(self.starts, key)
        return self.entries[found - 1] if found else ()


class Compiled:
    """`match` takes a Spot and gives the codes from the root to the most specific node that holds it."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        by_code = {node.code: node for node in nodes}
        wheres: dict[tuple[frozenset[str], frozenset[str], frozenset[Area]], int] = {}
        self._below: dict[int, dict[str, list[Ready]]] = defaultdict(lambda: defaultdict(list))
        self._accounts: dict[str, list[Ready]] = defaultdict(list)
        for node in by_code.values():
            if not node.is_empty:
                self._add(ready(chain(node, by_code), wheres))
        self._countries = listed((country, where) for key, where in wheres.items() for country in key[0])
        self._regions = listed((region, where) for key, where in wheres.items() for region in key[1])
        areas: dict[str, list[tuple[Area, int]]] = defaultdict(list)
        for key, where in wheres.items():
            for area in key[2]:
                areas[area.country].append((area, where))
        self._postal = {country: segments(found) for country, found in areas.items()}
        self._below.default_factory = None

    def _add(self, node: Ready) -> None:
        if node.accounts:
            for account in node.accounts:
                self._accounts[account].append(node)
            return
        group = self._below[node.wheres[-1] if node.wheres else NOWHERE]
        for industry in ("",) if node.industries is None else node.industries:
            group[industry].append(node)

    def match(self, at: Spot) -> tuple[str, ...]:
        held = self._held(at)
        best: tuple[bool, float, tuple[int, int, str]] | None = None
        path: tuple[str, ...] = ()
        for node in self._candidates(at, held):
            if fits(node, at, held):
                where = max([held.get(one, 0.0) for one in node.wheres]) if node.wheres else 0.0
                rank = (not node.accounts, -where, node.rank)
                if best is None or rank < best:
                    best, path = rank, node.path
        return path

    def holders(self, at: Spot) -> frozenset[str]:
        """The codes of all nodes that hold the spot, not only of the one that wins."""
        held = self._held(at)
        return frozenset(node.path[-1] for node in self._candidates(at, held) if fits(node, at, held))

    def _held(self, at: Spot) -> dict[int, float]:
        """The wheres that hold the spot, with how specific they are for it."""
        held = dict.fromkeys(self._countries.get(at.country, ()), COUNTRY)
        for where in self._regions.get(at.region, ()):
            held[where] = REGION
        if at.postal and at.country in self._postal:
            size = len(at.postal)
            for where, worth, least in self._postal[at.country].at(at.postal):
                if size >= least and held.get(where, 0.0) < worth:
                    held[where] = worth
        return held

    def _candidates(self, at: Spot, held: Mapping[int, float]) -> list[Ready]:
        found: list[Ready] = []
        for domain in at.domains:
            found += self._accounts.get(domain, ())
        for where in (NOWHERE, *held):
            group = self._below.get(where)
            if group is not None:
                found += group.get("", ())
                if at.industry:
                    found += group.get(at.industry, ())
        return found


def ready(
    path: Sequence[Node], wheres: dict[tuple[frozenset[str], frozenset[str], frozenset[Area]], int]
) -> Ready:
    named = [node for node in path if node.names_where]
    found = [wheres.setdefault((node.countries, node.regions, node.areas), len(wheres)) for node in named]
    industries = [node.industries for node in path if node.industries]
    accounts = [node.accounts for node in path if node.accounts]
    sizes = [(node.size_from or 0, node.size_to) for node in path if node.names_size]
    low, high = sizes[-1] if sizes else (0, None)
    return Ready(
        path=tuple([node.code for node in path]),
        wheres=tuple(found),
        industries=industries[-1] if industries else None,
        low=low,
        high=high,
        asks_size=bool(sizes),
        accounts=accounts[-1] if accounts else None,
        rank=(-kinds(path), -len(path), path[-1].code),
    )


def fits(node: Ready, at: Spot, held: Mapping[int, float]) -> bool:
    if node.wheres and node.wheres[-1] not in held:
        return False
    if node.industries is not None and at.industry not in node.industries:
        return False
    if node.asks_size and (
        at.size is None or at.size < node.low or (node.high is not None and at.size > node.high)
    ):
        return False
    return node.accounts is None or not node.accounts.isdisjoint(at.domains)


def listed(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, where in pairs:
        found[key].append(where)
    return dict(found)


def segments(areas: Iterable[tuple[Area, int]]) -> Segments:
    """Sweep over the ends of all areas; neighbours with the same entries become one segment."""
    turns: list[tuple[str, int, Entry]] = []
    for area, where in areas:
        entry = (where, POSTAL - area.share, len(area.low))
        turns.append((area.low, 1, entry))
        turns.append((area.end, -1, entry))
    turns.sort()
    starts: list[str] = []
    entries: list[tuple[Entry, ...]] = []
    active: dict[Entry, int] = {}
    for start, group in groupby(turns, FIRST):
        for _, step, entry in group:
            count = active.get(entry, 0) + step
            if count:
                active[entry] = count
            else:
                del active[entry]
        now = tuple(active)
        if not entries or entries[-1] != now:
            starts.append(start)
            entries.append(now)
    return Segments(starts, entries)
