"""Where the live rules would send a lead that somebody owns, compared with the decision that gave it to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadrouting.assignments.explaining import Told, told
from leadrouting.assignments.models import Assignment, Decision
from leadrouting.assignments.orders import CHOSEN
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.engine.model import Rule, StepKind
from leadrouting.leads.models import Lead
from leadrouting.rules import live as rules
from leadrouting.rules.models import RuleSet


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The lead would go elsewhere now: by this rule of this version (None: no rule matches any more).
    `on_update` is what the live rule set does about it."""

    version: int
    rule: Rule | None
    on_update: str

    @property
    def why(self) -> str:
        """As in a decision's reason."""
        return f"The rule “{self.rule.name}” matches it now" if self.rule else "No rule matches it any more"


def elsewhere(lead: Lead, assignment: Assignment, now: datetime) -> Elsewhere | None:
    """Whether what has become known of the lead since it got its owner makes the live rules send it elsewhere.

    None when it does not, or the live rules do not ask, or a person chose the owner. What only the rules have
    changed since moves nobody: the facts of the decision and those of now are judged by the same rules. Nor does
    what leads back to where the lead is. `assignment` is the lead's open one, with its decision.
    """
    live, decision = rules.current(), assignment.decision
    if live is None or live.on_update == RuleSet.OnUpdate.NEVER or is_chosen(decision):
        return None
    facts, valid = supposed_lead(lead, now=now).facts, live.at(now)
    rule = valid.match(facts)
    if is_same(rule, facts, valid.match(decision.facts), decision):
        return None
    if is_same(rule, facts, decided_by(decision), decision):
        return None
    return Elsewhere(live.rule_set.version, rule, live.on_update)


def is_chosen(decision: Decision) -> bool:
    """A person chose the owner, or it came back to who had it."""
    return decision.cause in CHOSEN or told(decision) is Told.CAME_BACK


def is_same(rule: Rule | None, facts: dict[str, Any], before: Rule | None, decision: Decision) -> bool:
    """Whether this rule hands the lead to the same targets as the one before, also where that is the owner of
    the lead's territory."""
    if rule is None or before is None:
        return rule is before
    if (rule.ladder, rule.skills) != (before.ladder, before.skills):
        return False
    by_territory = decision.step is not None and kind_of(before, decision.step) == StepKind.TERRITORY_OWNER
    return not by_territory or facts.get("territory") == decision.facts.get("territory")


def kind_of(rule: Rule, step: int) -> StepKind | None:
    return rule.ladder[step].kind if step < len(rule.ladder) else None


def decided_by(decision: Decision) -> Rule | None:
    """The rule that gave the lead away, as it was then."""
    if decision.version_id is None:
        return None
    known = rules.load(decision.version_id).rule_set.rules
    return next((rule for rule in known if rule.id == decision.rule_id), None)
