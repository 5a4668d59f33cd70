"""The score of a lead: points of every rule that fits, with the reasons, and the tier that they amount to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadrouting.engine.compile import CompiledRuleSet, compile_rules
from leadrouting.engine.model import RuleSet
from leadrouting.rules.asking import asking, readable
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.models import ScoreRule, Tier

LEAST, MOST = -32_000, 32_000
"""Points that a lead can have: what the column holds."""


@dataclass(frozen=True, slots=True)
class Scored:
    """`reasons` are (points, why), most first; `tier` and `urgency` are empty where none is reached."""

    points: int
    reasons: tuple[tuple[int, str], ...]
    tier: str
    urgency: str


@dataclass(frozen=True, slots=True)
class ScoreBook:
    """All active score rules, compiled like rules, and the tiers from the top."""

    stamp: int
    matcher: CompiledRuleSet
    points: Mapping[int, int]
    tiers: tuple[tuple[int, str, str], ...]

    def score(self, facts: Mapping[str, Any], given: int | None) -> Scored:
        """`given` is a score that came with the lead: it counts first."""
        found = sorted((-self.points[rule.id], rule.name) for rule in self.matcher.matching(facts))
        reasons = [(-points, name) for points, name in found]
        if given is not None:
            reasons.insert(0, (given, "As it came"))
        total = max(LEAST, min(MOST, sum(points for points, _ in reasons)))
        tier, urgency = next(((name, say) for least, name, say in self.tiers if total >= least), ("", ""))
        return Scored(total, tuple(reasons), tier, urgency)


_latest: ScoreBook | None = None


def scorebook(stamp: int) -> ScoreBook:
    """From this process's memory while `stamp`, which any change of configuration bumps, is the same."""
    global _latest
    if _latest is None or _latest.stamp != stamp:
        _latest = read(stamp)
    return _latest


def read(stamp: int) -> ScoreBook:
    """Four queries."""
    known = catalogue()
    kept = [
        (rule, asked)
        for rule in ScoreRule.objects.filter(is_active=True).prefetch_related("conditions")
        if readable(
            asked := asking(rule.pk, rule.name, rule.conditions.all(), rule.logic), known, "A score rule"
        )
    ]
    return ScoreBook(
        stamp=stamp,
        matcher=compile_rules(RuleSet(0, tuple(asked for _, asked in kept), 0), known),
        points={rule.pk: rule.points for rule, _ in kept},
        tiers=tuple(Tier.objects.values_list("from_points", "name", "urgency")),
    )
