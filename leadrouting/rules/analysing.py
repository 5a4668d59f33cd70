"""The analysis of a document, remembered by what it says: pages ask for it again and again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leadrouting.common.models import Stamp
from leadrouting.engine.analysis import Analysis, Certainty, World, analyse, say
from leadrouting.rules.catalogue import catalogue_of
from leadrouting.rules.documents import rule_set_from
from leadrouting.rules.findings import Finding
from leadrouting.rules.links import rule_page
from leadrouting.teams.snapshot import people

REMEMBERED = 8
NEVER_FIRES, OVERLAP, GAP = "never_fires", "overlap", "gap"
SHOWN = 3
"""Of overlaps and gaps, in a short list."""

Paths = tuple[tuple[str, tuple[str, ...]], ...]


def analysed(document: Mapping[str, Any], *, now: datetime) -> tuple[Analysis, World]:
    """What is found, and in which world. What was over before today (UTC) is left out of account. One query.

    The first time it takes up to some seconds for a thousand rules, afterwards next to nothing.
    """
    who = people(Stamp.objects.values_list("version", flat=True).first() or 0)
    places = tuple(sorted((code, tuple(path)) for code, path in who.atlas.paths.items()))
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return remembered(json.dumps(document, sort_keys=True), places, today)


@lru_cache(maxsize=REMEMBERED)
def remembered(text: str, places: Paths, since: datetime) -> tuple[Analysis, World]:
    document = json.loads(text)
    world = World(catalogue_of(document), dict(places), since)
    return analyse(rule_set_from(document, 0), world), world


def findings(document: Mapping[str, Any], *, now: datetime) -> list[Finding]:
    """What the analysis found, shortly: all rules that never fire, the first of the overlaps and gaps."""
    found, world = analysed(document, now=now)
    return list(in_short(found, world))


def in_short(found: Analysis, world: World) -> Iterator[Finding]:
    for dead in sorted(found.never, key=lambda one: one.certainty is not Certainty.PROVEN):
        is_sure = dead.certainty is Certainty.PROVEN
        yield Finding(say(dead, world), NEVER_FIRES, is_sure, rule_page(dead.rule.id))
    for overlap in found.overlaps[:SHOWN]:
        yield Finding(say(overlap, world), OVERLAP, url=rule_page(overlap.lower.id))
    if (more := found.overlap_count - SHOWN) > 0:
        yield Finding(f"{more:,} more pair{'s' * (more != 1)} of rules overlap.", OVERLAP)
    for gap in found.gaps[:SHOWN]:
        yield Finding(say(gap, world), GAP)
