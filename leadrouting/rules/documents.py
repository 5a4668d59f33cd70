"""A rule set as plain values: what a version stores, and what the engine reads."""

from __future__ import annotations

from typing import Any

from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind
from leadrouting.engine.operators import Arity, Operator, arity
from leadrouting.rules import models

FORMAT = 1


def draft_of(rule_set: models.RuleSet) -> dict[str, Any]:
    """The rule set's active rules in precedence order as a version stores them. Four queries."""
    rules = rule_set.rules.filter(is_active=True).prefetch_related("conditions", "targets")
    return {
        "format": FORMAT,
        "catch_all": rule_set.catch_all_id,
        "rules": [document_of(rule) for rule in rules],
    }


def document_of(rule: models.Rule) -> dict[str, Any]:
    """One rule with its conditions and its ladder."""
    return {
        "id": rule.pk,
        "name": rule.name,
        "logic": rule.logic,
        "conditions": [
            {"fact": c.fact, "operator": c.operator, "operand": operand_of(c.operator, c.value)}
            for c in rule.conditions.all()
        ],
        "ladder": [step_of(target) for target in rule.targets.all()],
    }


def step_of(target: models.Target) -> dict[str, Any]:
    return {
        "kind": target.kind,
        "id": target.pool_id or target.rep_id or target.queue_id,
        "ignore_hours": target.ignore_hours,
        "ignore_capacity": target.ignore_capacity,
    }


def operand_of(operator: str, text: str) -> Any:
    """What ops typed, as the engine takes it: nothing, one value, or a list split at commas.

    Values stay text: the engine knows how to read each type.
    """
    try:
        kind = arity(Operator(operator))
    except ValueError:
        return text
    if kind is Arity.NONE:
        return None
    if kind is Arity.ONE:
        return text.strip()
    return [part.strip() for part in text.split(",") if part.strip()]


def condition_from(data: dict[str, Any]) -> Condition:
    operand = data["operand"]
    return Condition(data["fact"], data["operator"], tuple(operand) if isinstance(operand, list) else operand)


def rule_set_from(document: dict[str, Any], version: int) -> RuleSet:
    """The engine's rule set from a stored document; `version` is the version's primary key."""
    return RuleSet(
        version=version,
        catch_all=document["catch_all"],
        rules=tuple(rule_from(rule) for rule in document["rules"]),
    )


def rule_from(data: dict[str, Any]) -> Rule:
    return Rule(
        id=data["id"],
        name=data["name"],
        logic=data["logic"],
        conditions=tuple(condition_from(c) for c in data["conditions"]),
        ladder=tuple(
            Step(StepKind(s["kind"]), s["id"], s["ignore_hours"], s["ignore_capacity"])
            for s in data["ladder"]
        ),
    )
