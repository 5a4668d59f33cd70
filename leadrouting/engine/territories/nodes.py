"""A node of the tree, what it holds, and when one node beats another.

Kinds: where (countries, regions and postal areas together: any one of them will do), industry, company size,
named accounts. Within a kind one of the values must fit, and all kinds must fit that a node names; of a kind
that it does not name itself, what the nearest node above names counts. A child is meant to narrow its parent:
what it names outside is told as a problem, and held by the child all the same. A node that names nothing
holds what its children hold.

Of several nodes that hold a lead the most specific wins:
1. a named account
2. where: a postal area (the narrower first), then a region, then a country
3. more kinds
4. the deeper node
5. the code that comes first in the alphabet
What nodes above name counts as the node's own here, so a child always beats its parent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from leadrouting.engine.territories.postal import Area, key_of
from leadrouting.engine.values import fold

COUNTRY, REGION, POSTAL = 1.0, 2.0, 4.0
"""How specific a place is; a postal area is POSTAL less its share, so always above a region."""


@dataclass(frozen=True, slots=True)
class Node:
    """Codes in capitals, industries folded, accounts as domains in lower case; sizes include both ends."""

    code: str
    parent: str | None = None
    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    areas: frozenset[Area] = frozenset()
    industries: frozenset[str] = frozenset()
    size_from: int | None = None
    size_to: int | None = None
    accounts: frozenset[str] = frozenset()

    @property
    def names_where(self) -> bool:
        return bool(self.countries or self.regions or self.areas)

    @property
    def names_size(self) -> bool:
        return self.size_from is not None or self.size_to is not None

    @property
    def is_empty(self) -> bool:
        return not (self.names_where or self.names_size or self.industries or self.accounts)


class Spot(NamedTuple):
    """What of a lead says where it belongs, normalised by `spot`. `domains`: those of the account and those above."""

    country: str
    region: str
    postal: str
    industry: str
    size: int | None
    domains: tuple[str, ...]


def spot(
    country: str = "",
    region: str = "",
    postal_code: str = "",
    industry: str = "",
    size: int | None = None,
    account: str | Sequence[str] = "",
) -> Spot:
    """A lead's own words -> a Spot. A region names its country; a short one is completed with the lead's. `account`: its
    domain, or all that it has."""
    country, region = country.upper(), region.upper()
    if region and "-" not in region and country:
        region = f"{country}-{region}"
    country = country or (region.partition("-")[0] if "-" in region else "")
    postal = key_of(country, postal_code) if postal_code and country else ""
    return Spot(
        country, region, postal, fold(industry) if industry else "", size, domains(account) if account else ()
    )


def domains(account: str | Sequence[str]) -> tuple[str, ...]:
    """eu.acme.com -> itself and acme.com; of several each once."""
    found: dict[str, None] = {}
    for one in [account] if isinstance(account, str) else account:
        parts = one.lower().split(".")
        found |= dict.fromkeys(".".join(parts[at:]) for at in range(max(1, len(parts) - 1)))
    return tuple(found)


def chain(node: Node, nodes: Mapping[str, Node]) -> Sequence[Node]:
    """From the root down to the node. A circle, should one come about, is cut."""
    found: list[Node] = []
    at: Node | None = node
    while at is not None and at not in found:
        found.append(at)
        at = nodes.get(at.parent) if at.parent is not None else None
    return found[::-1]
