"""Coverage: the share of past leads that rules place without the catch-all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leadrouting.assignments.insight.past import Past
from leadrouting.assignments.insight.sending import Sent
from leadrouting.engine.facts import FactType
from leadrouting.engine.model import Rule
from leadrouting.engine.values import fold
from leadrouting.rules.live import Live

TARGET = 80
"""Per cent: what a rule set should place."""
COMBINED = 3  # facts to a combination
SAMPLES = 3
USUAL = ("source", "country", "channel")
TELLING = (FactType.CHOICE, FactType.PLACE)


@dataclass(slots=True)
class Share:
    """`placed` of `leads`."""

    leads: int = 0
    placed: int = 0

    @property
    def percent(self) -> float | None:
        return 100 * self.placed / self.leads if self.leads else None

    @property
    def is_enough(self) -> bool:
        return self.percent is not None and self.percent >= TARGET

    @property
    def shown(self) -> str:
        """Rounded down: what is shown as 80 % is 80 %, and 100 % is all."""
        return "–" if self.percent is None else f"{int(self.percent)} %"

    def count(self, is_placed: bool) -> None:
        self.leads += 1
        self.placed += is_placed


@dataclass(slots=True)
class Missed:
    """Leads that have these facts in common and that no rule places."""

    facts: Mapping[str, Any]
    leads: int = 0
    samples: list[Past] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Coverage:
    """`groups` holds, by fact, the share of each of its values (folded); `by_rule` the leads that each rule
    takes, by its number. `dead_ends` are leads that a rule takes and whose ladder reaches nobody."""

    all: Share
    groups: Mapping[str, Mapping[str, Share]]
    by_rule: Mapping[int, int]
    dead_ends: int
    missed: Sequence[Missed]


def coverage(live: Live, leads: Sequence[Past], sent: Sequence[Sent], by: Iterable[str]) -> Coverage:
    """`sent` is where `live` sends these leads, in the same order; `by` are the facts to group by."""
    total = Share()
    groups: dict[str, dict[str, Share]] = {key: {} for key in by}
    missed: dict[tuple[str, ...], Missed] = {}
    combined = telling_facts(live)
    for lead, to in zip(leads, sent, strict=True):
        total.count(to.is_placed)
        for key, shares in groups.items():
            shares.setdefault(value_of(lead, key), Share()).count(to.is_placed)
        if not to.is_placed:
            miss(missed, lead, combined)
    return Coverage(
        all=total,
        groups=groups,
        by_rule=Counter(to.rule.id for to in sent if to.rule is not None),
        dead_ends=sum(to.rule is not None and not to.is_placed for to in sent),
        missed=sorted(missed.values(), key=lambda one: -one.leads),
    )


def miss(missed: dict[tuple[str, ...], Missed], lead: Past, combined: Sequence[str]) -> None:
    key = tuple(value_of(lead, fact) for fact in combined)
    one = missed.setdefault(key, Missed({fact: told(lead, fact) for fact in combined}))
    one.leads += 1
    if len(one.samples) < SAMPLES:
        one.samples.append(lead)


def value_of(lead: Past, key: str) -> str:
    return fold(str(told(lead, key)))


def told(lead: Past, key: str) -> Any:
    """The value, blank as an empty text; of a place only the most specific node."""
    value = lead.facts.get(key, "")
    return value[-1] if isinstance(value, list) and value else value


def telling_facts(live: Live) -> list[str]:
    """The source, and the facts of few values that the rules ask about most: what a missing rule would ask."""
    asked = Counter(fact for rule in live.rule_set.rules for fact in facts_asked(rule))
    known = live.catalogue
    few = [fact for fact, _ in asked.most_common() if fact in known and known[fact].type in TELLING]
    return list(dict.fromkeys(["source", *few, *USUAL]))[:COMBINED]


def facts_asked(rule: Rule) -> set[str]:
    return {condition.fact for condition in rule.conditions}
