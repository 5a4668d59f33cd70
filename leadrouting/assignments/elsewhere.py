"""Where the live rules would send a lead that somebody owns, compared with the decision that gave it to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadrouting.assignments.models import Assignment, Decision
from leadrouting.assignments.orders import Cause
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.engine.model import Rule, StepKind
from leadrouting.leads.models import Lead
from leadrouting.rules import live as rules
from leadrouting.rules.models import RuleSet, Version


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
    """None when the live rules leave it where it is, or do not ask. Who was chosen by hand is not asked about.

    `assignment` is the lead's open one, with its decision.
    """
    version = Version.objects.filter(is_live=True).values_list("pk", flat=True).first()
    if version is None or assignment.decision.cause == Cause.REASSIGN:
        return None
    live = rules.load(version)
    if live.on_update == RuleSet.OnUpdate.NEVER:
        return None
    facts = supposed_lead(lead, now=now).facts
    rule = live.at(now).match(facts)
    if is_same(rule, facts, assignment.decision):
        return None
    return Elsewhere(version, rule, live.on_update)


def is_same(rule: Rule | None, facts: dict[str, Any], decision: Decision) -> bool:
    """Whether this rule hands the lead to the same targets as the rule that decided, by the version that it
    decided in: a rule may keep its number and change its targets, or its number may mean another rule elsewhere."""
    before = decided_by(decision)
    if rule is None or before is None:
        return rule is before
    if (rule.ladder, rule.skills) != (before.ladder, before.skills):
        return False
    by_territory = decision.step is not None and before.ladder[decision.step].kind == StepKind.TERRITORY_OWNER
    return not by_territory or facts.get("territory") == decision.facts.get("territory")


def decided_by(decision: Decision) -> Rule | None:
    """The rule that gave the lead away, as it was then."""
    if decision.version_id is None:
        return None
    known = rules.load(decision.version_id).rule_set.rules
    return next((rule for rule in known if rule.id == decision.rule_id), None)
