"""Which territory a place belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadrouting.teams.models import Territory


@dataclass(frozen=True, slots=True)
class Atlas:
    """Paths of territory codes, from the root down, by region (e.g. US-CA) and by country (e.g. US)."""

    by_region: Mapping[str, tuple[str, ...]]
    by_country: Mapping[str, tuple[str, ...]]
    paths: Mapping[str, tuple[str, ...]]
    """Of every territory by its code, also of those that hold no place."""
    owners: Mapping[str, int]
    """The reps who own a territory, by its code."""

    def path(self, country: str, region: str) -> tuple[str, ...]:
        """The codes of the deepest territory that names the region, else the country; empty when none does."""
        return self.by_region.get(region.upper(), ()) or self.by_country.get(country.upper(), ())

    def owner(self, path: Sequence[str]) -> int | None:
        """The rep of the deepest territory on this path that has an owner."""
        return next((self.owners[code] for code in reversed(path) if code in self.owners), None)


def atlas() -> Atlas:
    nodes = {node.pk: node for node in Territory.objects.all()}
    by_region: dict[str, tuple[str, ...]] = {}
    by_country: dict[str, tuple[str, ...]] = {}
    for node in nodes.values():
        path = path_to(node, nodes)
        for book, places in ((by_region, node.regions), (by_country, node.countries)):
            for place in places:
                if len(path) > len(book.get(place.upper(), ())):
                    book[place.upper()] = path
    paths = {node.code: path_to(node, nodes) for node in nodes.values()}
    owners = {node.code: node.owner_id for node in nodes.values() if node.owner_id}
    return Atlas(by_region, by_country, paths, owners)


def path_to(node: Territory, nodes: Mapping[int, Territory]) -> tuple[str, ...]:
    codes: list[str] = []
    at: Territory | None = node
    while at is not None and at.code not in codes:
        codes.append(at.code)
        at = nodes.get(at.parent_id) if at.parent_id else None
    return tuple(reversed(codes))
