"""Where a rule sends a lead as far as its facts alone say: whoever is there, free or skilled is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadrouting.assignments.insight.past import Past
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.sentences import Names
from leadrouting.rules.live import Live
from leadrouting.rules.wording import place_in_words
from leadrouting.teams.territories import Atlas

ASKED = {
    StepKind.ACCOUNT_OWNER: "account_owner_known",
    StepKind.PREVIOUS_OWNER: "previous_owner_known",
}
"""The fact that says whether there is such an owner."""


@dataclass(frozen=True, slots=True)
class Place:
    """A destination: what a step points at, or the catch-all queue (`kind` None)."""

    kind: StepKind | None
    id: int

    def named(self, names: Names) -> str:
        if self.kind is None:
            return f"catch-all ({names.queue(self.id)})"
        return place_in_words(Step(self.kind, self.id), names)


@dataclass(frozen=True, slots=True)
class Sent:
    """`step` is the first of the ladder that the facts allow, None when none does. `place` is where it points."""

    rule: Rule | None
    step: int | None
    place: Place

    @property
    def way(self) -> tuple[tuple[Step, ...], tuple[tuple[int, int], ...]]:
        """What is tried, in order, from the place on, and the skills that whoever takes it must have."""
        if self.rule is None or self.step is None:
            return (), ()
        return self.rule.ladder[self.step :], self.rule.skills

    @property
    def is_placed(self) -> bool:
        """A person, a pool or a queue takes it. A step that points at the catch-all queue is the catch-all."""
        return self.place.kind is not None


def send(live: Live, leads: Iterable[Past], atlas: Atlas, now: datetime) -> list[Sent]:
    """Each lead's rule and place, by the rules that are valid at `now`. Raises RuleError."""
    match, catch_all = live.at(now).match, live.rule_set.catch_all
    return [sent(match(lead.facts), lead.facts, atlas, catch_all, now) for lead in leads]


def sent(rule: Rule | None, facts: Mapping[str, Any], atlas: Atlas, catch_all: int, now: datetime) -> Sent:
    ladder = rule.ladder if rule is not None else ()
    for index, step in enumerate(ladder):
        if is_open(step, facts, atlas, now):
            if (step.kind, step.id) == (StepKind.QUEUE, catch_all):
                return Sent(rule, index, Place(None, catch_all))
            return Sent(rule, index, Place(step.kind, step.id))
    return Sent(rule, None, Place(None, catch_all))


def is_open(step: Step, facts: Mapping[str, Any], atlas: Atlas, now: datetime) -> bool:
    """Whether the facts name somebody: only an owner can be unknown."""
    if step.kind is StepKind.TERRITORY_OWNER:
        return atlas.holder(facts.get("territory") or (), now) is not None
    return step.kind not in ASKED or facts.get(ASKED[step.kind]) is True
