"""Why a lead went where it went: rule by rule up to the winner, each condition with the value that it saw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leadrouting.engine.describe import describe_condition, describe_rule, describe_value
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.logic import And, Node, Not, Or, Ref, evaluate
from leadrouting.engine.model import Rule
from leadrouting.engine.prepared import PreparedRule, prepare_rule, seen


@dataclass(frozen=True, slots=True)
class ConditionTrace:
    """`number` is from 1; `seen` is the raw value, None when the lead has none."""

    number: int
    sentence: str
    held: bool
    seen: Any


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """`failed_at` is the number of the first condition that made the rule fail; None when it matched.

    That condition did not hold, or it held under a NOT.
    """

    rule: Rule
    matched: bool
    conditions: tuple[ConditionTrace, ...]
    failed_at: int | None
    sentence: str


def trace(rules: Iterable[Rule], facts: Mapping[str, Any], catalogue: Catalogue) -> tuple[RuleTrace, ...]:
    """Every rule that was asked, in order; the last one matched, unless none did. Raises `RuleError`."""
    traces = []
    for rule in rules:
        traced = trace_rule(rule, facts, catalogue)
        traces.append(traced)
        if traced.matched:
            break
    return tuple(traces)


def trace_rule(rule: Rule, facts: Mapping[str, Any], catalogue: Catalogue) -> RuleTrace:
    """One rule, all its conditions asked, also those that the logic did not need. Raises `RuleError`."""
    prepared = prepare_rule(rule, catalogue)
    conditions = tuple(
        ConditionTrace(
            number,
            describe_condition(rule.conditions[number - 1], catalogue),
            test.passes(seen(test, facts)),
            facts.get(test.fact.key),
        )
        for number, test in enumerate(prepared.tests, start=1)
    )
    held = [condition.held for condition in conditions]
    matched = evaluate(prepared.logic, lambda number: held[number - 1])
    failed_at = None if matched else _decisive(prepared.logic, held, wanted=True)
    sentence = _sentence(prepared, conditions, failed_at, catalogue)
    return RuleTrace(rule, matched, conditions, failed_at, sentence)


def _decisive(node: Node, held: list[bool], *, wanted: bool) -> int:
    """The first condition because of which `node` is not as wanted."""
    match node:
        case Ref(number):
            return number
        case Not(term):
            return _decisive(term, held, wanted=not wanted)
        case And(terms) | Or(terms):
            wrong = (t for t in terms if evaluate(t, lambda number: held[number - 1]) is not wanted)
            return _decisive(next(wrong), held, wanted=wanted)


def _sentence(
    prepared: PreparedRule,
    conditions: tuple[ConditionTrace, ...],
    failed_at: int | None,
    catalogue: Catalogue,
) -> str:
    name = f"“{prepared.rule.name}”"
    if failed_at is None:
        said = describe_rule(prepared.rule, catalogue)
        return f"{name} matched: {said[0].lower()}{said[1:]}."
    failed, fact = conditions[failed_at - 1], prepared.tests[failed_at - 1].fact
    if failed.held:
        return f"{name} did not match: it must not be that {failed.sentence}."
    value = describe_value(failed.seen, fact)
    return f"{name} did not match: it asks that {failed.sentence}, but {fact.label} is {value}."
