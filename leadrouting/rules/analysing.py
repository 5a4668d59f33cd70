"""The analysis of a document, remembered by what it says: pages ask for it again and again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leadrouting.engine.analysis import (
    Analysis,
    Certainty,
    Practice,
    World,
    analyse,
    practised,
    say,
    say_lead,
    settled,
)
from leadrouting.rules.catalogue import catalogue_of
from leadrouting.rules.documents import rule_set_from
from leadrouting.rules.findings import Finding
from leadrouting.rules.links import check_page, rule_page
from leadrouting.rules.signals import gathered, recalling
from leadrouting.teams.snapshot import people_now

REMEMBERED = 8
NEVER_FIRES, OVERLAP, GAP = "never_fires", "overlap", "gap"
SHOWN = 5
"""Rules that never fire, in a short list."""

Paths = tuple[tuple[str, tuple[str, ...]], ...]


def analysed(document: Mapping[str, Any], *, now: datetime) -> tuple[Analysis, World]:
    """What is found, and in which world. What was over before today (UTC) is left out of account. One query.

    The first time it takes up to some seconds for a thousand rules, afterwards next to nothing.
    """
    who = people_now()
    places = tuple(sorted((code, tuple(path)) for code, path in who.atlas.paths.items()))
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return remembered(json.dumps(document, sort_keys=True), places, today)


@lru_cache(maxsize=REMEMBERED)
def remembered(text: str, places: Paths, since: datetime) -> tuple[Analysis, World]:
    document = json.loads(text)
    world = World(catalogue_of(document), dict(places), since)
    return analyse(rule_set_from(document, 0), world), world


def met(document: Mapping[str, Any], *, now: datetime) -> tuple[Analysis, World, Practice]:
    """The same, where the newest leads settle what is likely, and what those leads meet.

    A few queries more than `analysed`, fewer as long as no newer lead is known. What the rules do with those
    leads is found anew each time.
    """
    found, world = analysed(document, now=now)
    rules = rule_set_from(document, 0)
    practice = practised(found, rules, world.catalogue, gathered(recalling), now)
    return settled(found, practice), world, practice


def findings(rule_set: int, document: Mapping[str, Any], *, now: datetime) -> list[Finding]:
    """What the analysis found, shortly: rules that never fire, and an example each of gaps and overlaps."""
    return list(in_short(*met(document, now=now), check_page(rule_set)))


def in_short(found: Analysis, world: World, practice: Practice, page: str) -> Iterator[Finding]:
    """Gaps and overlaps only where one of the newest leads shows them, as long as there are leads to ask."""
    dead = sorted(found.never, key=lambda one: one.certainty is not Certainty.PROVEN)
    for one in dead[:SHOWN]:
        is_sure = one.certainty is Certainty.PROVEN
        yield Finding(say(one, world), NEVER_FIRES, is_sure, rule_page(one.rule.id))
    if (more := len(dead) - SHOWN) > 0:
        yield Finding(
            f"{more:,} more rule{'s' * (more != 1)} never fire{'s' * (more == 1)}.", NEVER_FIRES, True, page
        )
    if practice.leads:
        if practice.missed:
            said = f"Of the last {practice.leads:,} leads no rule takes {len(practice.missed):,}."
            yield Finding(said, GAP, url=page)
        if practice.claimed:
            yield Finding(overlaps_met(found, practice), OVERLAP, url=page)
        return
    if found.gaps:
        lead = say_lead(found.gaps[0].witness, world)
        yield Finding(f"Some leads are taken by no rule, for example {lead}.", GAP, url=page)
    if found.overlaps:
        yield Finding(overlaps_in_short(found), OVERLAP, url=page)


def overlaps_met(found: Analysis, practice: Practice) -> str:
    """The pair that most of the newest leads met: there nothing but the order of the rules decides."""
    first = found.overlaps[0]
    ((_, leads),) = practice.claimed.most_common(1)
    said = f"“{first.higher.name}” and “{first.lower.name}” both claim {leads:,} of the last {practice.leads:,} leads and send them to different places"
    if (more := len(practice.claimed) - 1) > 0:
        return f"{said}; {more:,} more pair{'s' * (more != 1)} met fewer of them, or as many."
    return f"{said}."


def overlaps_in_short(found: Analysis) -> str:
    first, count = found.overlaps[0], found.overlap_count
    names = f"“{first.higher.name}” and “{first.lower.name}”"
    if count == 1:
        return f"{names} claim the same leads for different places."
    return f"{count:,} pairs of rules claim the same leads for different places, for example {names}."
