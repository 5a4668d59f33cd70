"""Custom attributes of simulated leads. Ops may have removed what the pack defines: that is left unsaid."""

from __future__ import annotations

from random import Random
from typing import Any

from leadrouting.leads.attributes import Definitions


def own_attributes(rng: Random, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """What a prospect says, by the pack: `known` is the chance, `drawn` weights or a span of whole numbers."""
    said: dict[str, Any] = {}
    for entry in entries:
        match entry.get("drawn"):
            case dict(weights) if rng.random() < entry["known"]:
                said[entry["key"]] = rng.choices(list(weights), list(weights.values()))[0]
            case [low, high] if rng.random() < entry["known"]:
                said[entry["key"]] = round(low * (high / low) ** rng.random())
    return said


def still_defined(values: dict[str, Any], definitions: Definitions) -> dict[str, Any]:
    said = values.get("attributes", {})
    return {**values, "attributes": {key: value for key, value in said.items() if key in definitions}}
