"""The plain walk: what matching means, rule by rule. The compiled form must agree with it always."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.logic import evaluate
from leadrouting.engine.model import Rule, RuleSet
from leadrouting.engine.prepared import PreparedRule, prepare_rule, seen


class Walk:
    """A rule set made ready to be walked again and again. Raises `RuleError` for a rule that is wrong."""

    __slots__ = ("_rules",)

    def __init__(self, ruleset: RuleSet, catalogue: Catalogue) -> None:
        self._rules = tuple(prepare_rule(rule, catalogue) for rule in ruleset.rules)

    def match(self, facts: Mapping[str, Any]) -> Rule | None:
        """The first rule that the facts satisfy; each fact is read at most once."""
        read: dict[str, Any] = {}
        for prepared in self._rules:
            if _satisfied(prepared, facts, read):
                return prepared.rule
        return None


def first_match(ruleset: RuleSet, facts: Mapping[str, Any], catalogue: Catalogue) -> Rule | None:
    """The rule of highest precedence that the facts satisfy. Raises `RuleError`."""
    return Walk(ruleset, catalogue).match(facts)


def _satisfied(prepared: PreparedRule, facts: Mapping[str, Any], read: dict[str, Any]) -> bool:
    def truth(number: int) -> bool:
        test = prepared.tests[number - 1]
        key = test.fact.key
        if key not in read:
            read[key] = seen(test, facts)
        return test.passes(read[key])

    return evaluate(prepared.logic, truth)
