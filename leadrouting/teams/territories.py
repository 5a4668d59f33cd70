"""Which territory a place belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leadrouting.teams.models import Territory


@dataclass(frozen=True, slots=True)
class Atlas:
    """Paths of territory codes, from the root down, by region (e.g. US-CA) and by country (e.g. US)."""

    by_region: Mapping[str, tuple[str, ...]]
    by_country: Mapping[str, tuple[str, ...]]

    def path(self, country: str, region: str) -> tuple[str, ...]:
        """The codes of the deepest territory that names the region, else the country; empty when none does."""
        return self.by_region.get(region.upper(), ()) or self.by_country.get(country.upper(), ())


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
    return Atlas(by_region, by_country)


def path_to(node: Territory, nodes: Mapping[int, Territory]) -> tuple[str, ...]:
    codes: list[str] = []
    at: Territory | None = node
    while at is not None and at.code not in codes:
        codes.append(at.code)
        at = nodes.get(at.parent_id) if at.parent_id else None
    return tuple(reversed(codes))
