"""The most specific node by asking every one: slow and plain, what the compiled tree is checked against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadrouting.engine.territories.nodes import COUNTRY, POSTAL, REGION, Node, Spot, chain


def match(nodes: Iterable[Node], at: Spot) -> tuple[str, ...]:
    """Codes from the root to the node that wins; empty when none holds the spot."""
    by_code = {node.code: node for node in nodes}
    held = [found for node in by_code.values() if holds(found := chain(node, by_code), at)]
    best = min(held, key=lambda found: rank(found, at), default=())
    return tuple(node.code for node in best)


def holds(path: Sequence[Node], at: Spot) -> bool:
    """Of each kind the nearest node that names it counts."""
    if path[-1].is_empty:
        return False
    nearest = path[::-1]
    where = next((node for node in nearest if node.names_where), None)
    industries = next((node.industries for node in nearest if node.industries), None)
    accounts = next((node.accounts for node in nearest if node.accounts), None)
    size = next((node for node in nearest if node.names_size), None)
    return (
        (where is None or place(where, at) > 0)
        and (industries is None or at.industry in industries)
        and (accounts is None or not accounts.isdisjoint(at.domains))
        and (size is None or fits_size(size, at))
    )


def fits_size(node: Node, at: Spot) -> bool:
    low, high = node.size_from or 0, node.size_to
    return at.size is not None and low <= at.size and (high is None or at.size <= high)


def place(node: Node, at: Spot) -> float:
    """How specific the narrowest place of the node is that holds the spot; 0 when none does."""
    found = [
        POSTAL - area.share for area in node.areas if area.country == at.country and area.holds(at.postal)
    ]
    if at.region in node.regions:
        found.append(REGION)
    if at.country in node.countries:
        found.append(COUNTRY)
    return max(found, default=0.0)


def rank(path: Sequence[Node], at: Spot) -> tuple[bool, float, int, int, str]:
    """Sorts the node that wins to the front."""
    accounts = any(node.accounts for node in path)
    return not accounts, -max(place(node, at) for node in path), -kinds(path), -len(path), path[-1].code


def kinds(path: Sequence[Node]) -> int:
    return sum(
        (
            any(node.names_where for node in path),
            any(node.industries for node in path),
            any(node.names_size for node in path),
            any(node.accounts for node in path),
        )
    )
