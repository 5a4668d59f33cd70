"""The nearest miss of a decision or of a dry run, with what is dear to prepare remembered for each version."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leadrouting.engine.miss import NearestMiss
from leadrouting.engine.nearest import Nearby
from leadrouting.rules import live as rules
from leadrouting.rules.live import Live
from leadrouting.teams.snapshot import people, people_now

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def miss_by(live: Live, facts: Mapping[str, Any], at: datetime) -> NearestMiss | None:
    """By these rules as they were valid at `at`; the territories are those of today. One query.

    A draft (version 0) is prepared anew each time: a quarter of a second for a thousand rules.
    """
    era = bisect_right(live.changes, at)
    who = people_now()
    if version := live.rule_set.version:
        return nearby(version, era, who.stamp).of(facts)
    return made_ready(live, era, who.atlas.paths).of(facts)


def miss_now(facts: Mapping[str, Any], now: datetime) -> NearestMiss | None:
    """By the rules that are live; None also while none are. Two queries."""
    live = rules.current()
    return miss_by(live, facts, now) if live else None


@lru_cache(maxsize=8)
def nearby(version: int, era: int, stamp: int) -> Nearby:
    """A version never changes; the territories do with the stamp."""
    return made_ready(rules.load(version), era, people(stamp).atlas.paths)


def made_ready(live: Live, era: int, places: Mapping[str, Any]) -> Nearby:
    at = live.changes[era - 1] if era else LONG_AGO
    return Nearby(live.rule_set.at(at), live.catalogue, places=places, match=live.at(at).match)
