"""Where leads go before and after, as a picture for wide and one for narrow screens, and in words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from leadrouting.assignments.admin.insight.sankey import Node, Picture, Rest, picture
from leadrouting.assignments.insight.sending import Place
from leadrouting.engine.sentences import Names

WIDE = {"width": 900, "margin": 250, "letters": 38}
NARROW = {"width": 320, "margin": 0, "letters": 21}
"""`letters`: how long a label may be, its count included; on a narrow screen two of them stand in one line."""


@dataclass(frozen=True, slots=True)
class Label:
    """A node with its name; `short` is what fits beside it. `x` and `anchor` say where the text stands."""

    node: Node
    name: str
    short: str
    x: float
    anchor: str
    is_catch_all: bool


def flow_picture(flows: Mapping[tuple[Place, Place], int], names: Names) -> dict[str, Any]:
    """For a template: `pictures`, and `flows` as rows of from, to and count, most first."""
    rows = sorted(flows.items(), key=lambda item: -item[1])
    return {
        "flows": [(before.named(names), after.named(names), count) for (before, after), count in rows],
        "pictures": [drawn("wide", flows, names, **WIDE), drawn("narrow", flows, names, **NARROW)]
        if flows
        else [],
    }


def drawn(
    size: str,
    flows: Mapping[tuple[Place, Place], int],
    names: Names,
    *,
    width: int,
    margin: int,
    letters: int,
) -> dict[str, Any]:
    counts: dict[tuple[Hashable, Hashable], int] = {(old, new): count for (old, new), count in flows.items()}
    laid = picture(counts, width=width, margin=margin)
    return {
        "size": size,
        "picture": laid,
        "labels": labels(laid, names, inside=not margin, letters=letters),
        "bands": [(band, named(band.before, names), named(band.after, names)) for band in laid.bands],
    }


def labels(laid: Picture, names: Names, *, inside: bool, letters: int) -> list[Label]:
    """Beside the nodes: on their outer sides, or on the bands where there is no margin."""
    found: list[Label] = []
    for nodes, is_left in ((laid.before, True), (laid.after, False)):
        for node in nodes:
            text_after = is_left == inside
            name = named(node.key, names)
            room = letters - len(f" {node.count:,}")
            found.append(
                Label(
                    node=node,
                    name=name,
                    short=name if len(name) <= room else f"{name[: room - 1].rstrip()}…",
                    x=node.x + 16 if text_after else node.x - 6,
                    anchor="start" if text_after else "end",
                    is_catch_all=isinstance(node.key, Place) and node.key.kind is None,
                )
            )
    return found


def named(key: Hashable, names: Names) -> str:
    if isinstance(key, Rest):
        return f"{key.nodes} others"
    return key.named(names) if isinstance(key, Place) else str(key)
