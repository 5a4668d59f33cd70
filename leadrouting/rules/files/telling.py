"""A draft as plain values with names in place of keys: what a file holds, and what the API answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadrouting.engine.facts import CUSTOM_PREFIX, Catalogue, FactType
from leadrouting.engine.model import Condition, Step
from leadrouting.engine.operators import Operator, label
from leadrouting.rules.files.marks import mark_of
from leadrouting.rules.files.names import Directory
from leadrouting.rules.files.said import DraftSaid, RuleSaid, TestSaid
from leadrouting.rules.models import RuleSet

OPTIONS = ("ignore_hours", "ignore_capacity", "drop_skills", "only_present")


def told(draft: DraftSaid, names: Directory, facts: Catalogue) -> dict[str, Any]:
    """What is as usual is left out. `based_on` tells later whether the draft has been changed since."""
    document: dict[str, Any] = {"rule_set": draft.name, "catch_all": names.called["queue"][draft.catch_all]}
    if draft.on_update != RuleSet.OnUpdate.NEVER:
        document["on_update"] = str(draft.on_update)
    if draft.note:
        document["note"] = draft.note
    document["rules"] = [told_rule(rule, names, facts) for rule in draft.rules]
    if draft.tests:
        document["tests"] = [told_test(test, names) for test in draft.tests]
    document["based_on"] = mark_of(document).text
    if attributes := told_attributes(draft, names):
        document["attributes"] = attributes
    return document


def told_attributes(draft: DraftSaid, names: Directory) -> dict[str, Any]:
    """The custom attributes that the rules ask about, for whoever reads the file."""
    asked = {condition.fact for rule in draft.rules for condition in rule.rule.conditions}
    found = {}
    for key, row in names.attributes.items():
        if f"{CUSTOM_PREFIX}{key}" in asked:
            shown = {
                "label": row["label"],
                "type": row["type"],
                "choices": row["choices"],
                "unit": row["unit"],
            }
            found[key] = {name: value for name, value in shown.items() if value}
    return found


def told_rule(said: RuleSaid, names: Directory, facts: Catalogue) -> dict[str, Any]:
    rule = said.rule
    document: dict[str, Any] = {"name": rule.name}
    if not said.is_active:
        document["active"] = False
    if said.note:
        document["note"] = said.note
    for name in ("valid_from", "valid_until"):
        if (at := getattr(rule, name)) is not None:
            document[name] = told_moment(at)
    if rule.conditions:
        document["when"] = [told_condition(condition, facts) for condition in rule.conditions]
    if rule.logic:
        document["logic"] = rule.logic
    if rule.skills:
        document["skills"] = dict(sorted((names.called["skill"][key], level) for key, level in rule.skills))
    if rule.ladder:
        document["give"] = [told_step(step, names) for step in rule.ladder]
    return document


def told_condition(condition: Condition, facts: Catalogue) -> list[Any]:
    """`[country, is, DE]`, `[deal_size, is between, [10, 20]]`, `[source, is blank]`."""
    fact = facts.get(condition.fact)
    try:
        operator = label(Operator(condition.operator), fact.type if fact else None)
    except ValueError:
        operator = condition.operator
    numbers = fact is not None and fact.type is FactType.NUMBER
    if condition.operand is None:
        return [condition.fact, operator]
    if isinstance(condition.operand, tuple):
        return [condition.fact, operator, [told_value(one, numbers) for one in condition.operand]]
    return [condition.fact, operator, told_value(condition.operand, numbers)]


def told_value(text: str, is_number: bool) -> Any:
    """A number where it is written like one that no reader takes for another."""
    if is_number and text.isascii() and text.isdecimal() and len(text) < 16 and str(int(text)) == text:
        return int(text)
    return text


def told_step(step: Step, names: Directory) -> dict[str, Any]:
    word, name = names.place(step.kind, step.id)
    more: dict[str, Any] = {"wait": step.wait} if step.wait else {}
    return {word: name, **more, **{option: True for option in OPTIONS if getattr(step, option)}}


def told_test(test: TestSaid, names: Directory) -> dict[str, Any]:
    word, name = names.place(test.kind, test.key)
    at = {"at": told_moment(test.at)} if test.at else {}
    return {"name": test.name, "given": test.given, **at, "goes_to": {word: name}}


def told_moment(at: datetime) -> str:
    """In UTC, without seconds when there are none: `2026-03-04T12:00Z`."""
    whole = not (at.second or at.microsecond)
    return at.isoformat(timespec="minutes" if whole else "auto").replace("+00:00", "Z")
