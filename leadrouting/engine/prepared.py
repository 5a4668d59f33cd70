"""A rule that has been checked as a whole: its tests, and its logic as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadrouting.engine.conditions import ConditionError, Test, prepare
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.logic import LogicError, Node, parse
from leadrouting.engine.model import Rule


class RuleError(ValueError):
    """A rule cannot be used. `condition` is the number (from 1) at fault, None when the logic is."""

    def __init__(self, rule: Rule, condition: int | None, reason: str) -> None:
        where = f"condition {condition}" if condition else "filter logic"
        super().__init__(f"Rule “{rule.name}”, {where}: {reason}")
        self.rule = rule
        self.condition = condition
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """`tests[n - 1]` is condition `n` of `logic`."""

    rule: Rule
    tests: tuple[Test, ...]
    logic: Node


def prepare_rule(rule: Rule, catalogue: Catalogue) -> PreparedRule:
    """Check a rule's conditions and logic. Raises `RuleError`."""
    tests = []
    for number, condition in enumerate(rule.conditions, start=1):
        try:
            tests.append(prepare(condition, catalogue))
        except ConditionError as error:
            raise RuleError(rule, number, str(error)) from error
    try:
        return PreparedRule(rule, tuple(tests), parse(rule.logic, len(tests)))
    except LogicError as error:
        raise RuleError(rule, None, str(error)) from error


def seen(test: Test, facts: Mapping[str, Any]) -> Any:
    """The value that a test is asked about: None when blank or not readable."""
    return test.read(facts.get(test.fact.key))
