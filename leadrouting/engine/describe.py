"""Conditions and rules as sentences for people. Also for drafts: nothing here raises on what is not finished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.engine.logic import And, LogicError, Node, Not, Or, Ref, parse
from leadrouting.engine.model import Condition, Rule
from leadrouting.engine.operators import Arity, Operator, arity, label
from leadrouting.engine.values import fold, read_moment, read_number, read_yes_no

# Each is true exactly when its opposite is not, blank facts included; the ordering operators are not so.
_OPPOSITES = {
    Operator.IS: Operator.IS_NOT,
    Operator.IS_ANY_OF: Operator.IS_NONE_OF,
    Operator.IS_BLANK: Operator.IS_NOT_BLANK,
    Operator.INCLUDES_ANY: Operator.INCLUDES_NONE,
}
_OPPOSITES |= {opposite: operator for operator, opposite in _OPPOSITES.items()}


def describe_value(raw: Any, fact: Fact | None = None) -> str:
    """One raw value, or a list of them, in the words of its fact: `India`, `10,000 employees`, `blank`."""
    if isinstance(raw, (list, tuple, set, frozenset)):
        members = sorted(raw, key=str) if isinstance(raw, (set, frozenset)) else raw
        return ", ".join(describe_value(member, fact) for member in members) or "blank"
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return "blank"
    if fact is None:
        return str(raw)
    folded = fold(str(raw))
    for value, shown in fact.choices:
        if fold(value) == folded:
            return shown
    if fact.codes and (name := fact.codes.name(str(raw))):
        return name
    match fact.type:
        case FactType.NUMBER:
            return _number(raw, fact.unit)
        case FactType.YES_NO:
            answer = read_yes_no(raw)
            return str(raw) if answer is None else "yes" if answer else "no"
        case FactType.MOMENT:
            moment = read_moment(raw)
            return f"{moment:%Y-%m-%d %H:%M} UTC" if isinstance(moment, datetime) else str(raw)
        case FactType.TEXT:
            return f"“{str(raw).strip()}”"
        case _:
            return str(raw).strip()


def describe_condition(condition: Condition, catalogue: Catalogue) -> str:
    """As in the middle of a sentence: `country is India`, `score is between 10 and 20 points`."""
    fact = catalogue.get(condition.fact)
    if fact is None or condition.operator not in set(Operator):
        return f"{condition.fact} {condition.operator} {describe_value(condition.operand)}"
    operator = Operator(condition.operator)
    said = f"{fact.label} {label(operator, fact.type)}"
    operand = condition.operand
    several = list(operand) if isinstance(operand, (tuple, list)) else [operand]
    match arity(operator):
        case Arity.NONE:
            return said
        case Arity.RANGE if len(several) == 2:
            low = describe_value(several[0], replace(fact, unit=""))
            return f"{said} {low} and {describe_value(several[1], fact)}"
        case Arity.LIST if len(several) > 1:
            word = "and" if operator is Operator.INCLUDES_ALL else "or"
            shown = [describe_value(one, fact) for one in several]
            return f"{said} {', '.join(shown[:-1])} {word} {shown[-1]}"
        case Arity.LIST if several != [None]:
            return f"{_singular(said, operator)} {describe_value(several, fact)}"
        case _:
            return f"{said} {describe_value(operand, fact)}"


def describe_rule(rule: Rule, catalogue: Catalogue) -> str:
    """`When country is India and (tier is VIP or score is at least 80)`; `For every lead` without conditions."""
    if not rule.conditions:
        return "For every lead"
    try:
        logic = parse(rule.logic, len(rule.conditions))
    except LogicError:
        said = "; ".join(describe_condition(condition, catalogue) for condition in rule.conditions)
        return f"When {said} (joined by: {rule.logic})"
    return f"When {_said(logic, lambda number: rule.conditions[number - 1], catalogue)}"


def _said(node: Node, condition: Callable[[int], Condition], catalogue: Catalogue) -> str:
    def inner(term: Node) -> str:
        text = _said(term, condition, catalogue)
        return f"({text})" if isinstance(term, (And, Or)) else text

    match node:
        case Ref(number):
            return describe_condition(condition(number), catalogue)
        case Not(Not(term)):
            return _said(term, condition, catalogue)
        case Not(Ref(number)) if condition(number).operator in _OPPOSITES:
            asked = condition(number)
            opposite = replace(asked, operator=_OPPOSITES[Operator(asked.operator)])
            return describe_condition(opposite, catalogue)
        case Not(term):
            return f"not ({_said(term, condition, catalogue)})"
        case And(terms):
            return " and ".join(map(inner, terms))
        case Or(terms):
            return " or ".join(map(inner, terms))


def _number(raw: Any, unit: str) -> str:
    number = read_number(raw)
    if number is None or not -(10**18) < number < 10**18:
        return str(raw)
    exact = int(number) if number == int(number) else Decimal(number).normalize()
    return f"{exact:,} {unit}".strip()


def _singular(said: str, operator: Operator) -> str:
    """`is any of India` reads better as `is India`."""
    shorter = {Operator.IS_ANY_OF: "is", Operator.IS_NONE_OF: "is not"}.get(operator)
    if shorter is None:
        return said.removesuffix(" any of").removesuffix(" all of")
    return f"{said.removesuffix(label(operator))}{shorter}"
