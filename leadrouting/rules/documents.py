"""A rule set as plain values: what a version stores, and what the engine reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from leadrouting.engine.facts import CUSTOM_PREFIX
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind
from leadrouting.engine.operators import Arity, Operator, arity
from leadrouting.leads.models import Attribute
from leadrouting.rules import models

FORMAT = 1


def draft_of(rule_set: models.RuleSet) -> dict[str, Any]:
    """The rule set's active rules in precedence order as a version stores them. Four queries."""
    rules = rule_set.rules.filter(is_active=True).prefetch_related("conditions", "targets", "skills")
    return draft_from(rule_set, [document_of(rule) for rule in rules])


def draft_from(rule_set: models.RuleSet, rules: list[dict[str, Any]]) -> dict[str, Any]:
    """The same from the documents of its active rules, for who has read them already."""
    draft: dict[str, Any] = {"format": FORMAT, "catch_all": rule_set.catch_all_id, "rules": rules}
    if rule_set.on_update != models.RuleSet.OnUpdate.NEVER:
        draft["on_update"] = rule_set.on_update
    if attributes := attributes_of(draft["rules"]):
        draft["attributes"] = attributes
    return draft


def attributes_of(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The custom attributes that these rules ask about, frozen with them as they are now."""
    facts = {condition["fact"] for rule in rules for condition in rule["conditions"]}
    asked = {fact.removeprefix(CUSTOM_PREFIX) for fact in facts if fact.startswith(CUSTOM_PREFIX)}
    if not asked:
        return []
    columns = ("key", "label", "type", "choices", "unit", "help")
    return list(Attribute.objects.filter(key__in=asked).order_by("key").values(*columns))


def document_of(rule: models.Rule) -> dict[str, Any]:
    """One rule with its conditions, skills and ladder. What is not set is left out."""
    more: dict[str, Any] = {}
    if skills := [[skill.skill_id, skill.level] for skill in rule.skills.all()]:
        more["skills"] = skills
    for name in ("valid_from", "valid_until"):
        if (at := getattr(rule, name)) is not None:
            more[name] = at.astimezone(UTC).isoformat()
    return {
        "id": rule.pk,
        "name": rule.name,
        "logic": rule.logic,
        "conditions": [
            {"fact": c.fact, "operator": c.operator, "operand": operand_of(c.operator, c.value)}
            for c in rule.conditions.all()
        ],
        "ladder": [step_of(target) for target in rule.targets.all()],
        **more,
    }


def step_of(target: models.Target) -> dict[str, Any]:
    """Owners (of the account and so on) have the id 0."""
    return {
        "kind": target.kind,
        "id": target.pool_id or target.rep_id or target.queue_id or 0,
        "ignore_hours": target.ignore_hours,
        "ignore_capacity": target.ignore_capacity,
        **{
            name: value
            for name in ("wait", "drop_skills", "only_present")
            if (value := getattr(target, name))
        },
    }


def operand_of(operator: str, text: str) -> Any:
    """What ops typed, as the engine takes it: nothing, one value, or a list split at commas.

    Values stay text: the engine knows how to read each type. In a list, a value that has commas of its own
    stands in double quotes, and a quote within it is doubled: `"Acme, Inc.", Globex`.
    """
    try:
        kind = arity(Operator(operator))
    except ValueError:
        return text
    if kind is Arity.NONE:
        return None
    if kind is Arity.ONE:
        return text.strip()
    return [part for part in map(unquoted, _PART.findall(text)) if part.strip()]


def text_of(operand: Any) -> str:
    """The inverse of `operand_of`: what to show in the input for an operand."""
    if operand is None:
        return ""
    if isinstance(operand, (list, tuple)):
        return ", ".join(quoted(str(part)) for part in operand)
    return str(operand)


_PART = re.compile(r'\s*(?:"(?:[^"]|"")*"(?=\s*(?:,|\Z))|[^,]+)')
"""A value in quotes that ends where a comma or the text ends; else all up to the next comma."""


def quoted(value: str) -> str:
    plain = value == value.strip() and "," not in value and not value.startswith('"')
    return value if plain else '"' + value.replace('"', '""') + '"'


def unquoted(part: str) -> str:
    part = part.strip()
    if len(part) > 1 and part[0] == part[-1] == '"' and _QUOTED.fullmatch(part):
        return part[1:-1].replace('""', '"')
    return part


_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def condition_from(data: dict[str, Any]) -> Condition:
    operand = data["operand"]
    return Condition(data["fact"], data["operator"], tuple(operand) if isinstance(operand, list) else operand)


def rule_set_from(document: Mapping[str, Any], version: int) -> RuleSet:
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
        ladder=tuple(Step(**{**step, "kind": StepKind(step["kind"])}) for step in data["ladder"]),
        skills=tuple((skill, level) for skill, level in data.get("skills", ())),
        valid_from=moment(data.get("valid_from")),
        valid_until=moment(data.get("valid_until")),
    )


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
