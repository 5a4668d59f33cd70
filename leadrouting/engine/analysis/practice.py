"""What leads of the past say to an analysis: which findings they show, and how many of them.

A lead that was there is the best witness: its country and its territory go together, and how many there are
says whether a finding is worth acting on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from leadrouting.engine.analysis.findings import Analysis, Certainty, Overlap, Witness
from leadrouting.engine.compile import compile_rules
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Rule, RuleSet


@dataclass(slots=True)
class Practice:
    """Of `leads` leads: `taken` has by rule the first that it takes, `missed` all that none takes. `claimed`
    counts by pair of ids, `shown` has the first: the one rule takes it, the other one would without it."""

    leads: int = 0
    taken: dict[int, Witness] = field(default_factory=dict)
    missed: list[Witness] = field(default_factory=list)
    claimed: Counter[tuple[int, int]] = field(default_factory=Counter)
    shown: dict[tuple[int, int], Overlap] = field(default_factory=dict)


def practised(
    found: Analysis, ruleset: RuleSet, catalogue: Catalogue, leads: Sequence[Mapping[str, Any]], now: datetime
) -> Practice:
    """What the rules that are valid now, those left out that are wrong, do with these leads."""
    known = set(found.order)
    sound = replace(ruleset, rules=tuple(rule for rule in ruleset.rules if rule.id in known))
    compiled = compile_rules(sound.at(now), catalogue)
    practice = Practice()
    for facts in leads:
        practice.leads += 1
        _add(practice, found, facts, list(islice(compiled.matching(facts), 2)))
    return practice


def _add(practice: Practice, found: Analysis, facts: Mapping[str, Any], rules: list[Rule]) -> None:
    witness = Witness(facts, rules[0] if rules else None)
    if not rules:
        practice.missed.append(witness)
        return
    higher = rules[0]
    practice.taken.setdefault(higher.id, witness)
    for lower in rules[1:]:
        if found.overlap(higher.id, lower.id):
            pair = higher.id, lower.id
            practice.claimed[pair] += 1
            practice.shown.setdefault(pair, Overlap(higher, lower, Certainty.PROVEN, witness))


def settled(found: Analysis, practice: Practice) -> Analysis:
    """What a lead of the past shows is certain: a rule that took one fires, and overlaps that were met come first.

    Their number stays the same; those that none of the leads shows follow.
    """
    met = [practice.shown[pair] for pair, _ in practice.claimed.most_common()]
    others = (one for one in found.overlaps if (one.higher.id, one.lower.id) not in practice.claimed)
    never = [
        one for one in found.never if one.certainty is Certainty.PROVEN or one.rule.id not in practice.taken
    ]
    fires = {
        one.rule.id: practice.taken[one.rule.id]
        for one in found.never
        if one.certainty is not Certainty.PROVEN and one.rule.id in practice.taken
    }
    return replace(
        found,
        never=tuple(never),
        overlaps=(*met, *others),
        examples={**found.examples, **fires},
    )
