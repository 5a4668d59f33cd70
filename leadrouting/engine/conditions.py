"""One condition: checked before it is saved, prepared once, then asked about values.

The plain walk, the compiled rules and the trace all ask the `Test` that `prepare` returns.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import re2

from leadrouting.engine.facts import Catalogue, Fact, FactType, UnknownFactError
from leadrouting.engine.meanings import MEANINGS
from leadrouting.engine.model import Condition
from leadrouting.engine.operators import SEARCHES, Arity, Operator, arity, label, operators_for
from leadrouting.engine.values import fold, reader

MAX_PATTERN = 500
MAX_DECIMALS = 12
_TOO_LARGE = Decimal(10) ** 18


class ConditionError(ValueError):
    """The condition cannot be used; the message tells ops what to write instead."""


@dataclass(frozen=True, slots=True)
class Test:
    """A condition that has been checked: `passes` takes a value as `read` returns it, None for blank."""

    __test__ = False  # not one of pytest's

    fact: Fact
    operator: Operator
    operands: tuple[Any, ...]
    read: Callable[[Any], Any]
    passes: Callable[[Any], bool]


def check_condition(condition: Condition, catalogue: Catalogue) -> None:
    """Raise `ConditionError` unless the condition makes sense with this catalogue as it is today.

    Stricter than `prepare`: a choice that has been retired since stops nobody from using a published version.
    """
    test = prepare(condition, catalogue)
    fact = test.fact
    if test.operator in SEARCHES or not (fact.choices or fact.codes):
        return
    for raw, value in zip(_spread(condition.operand, test.operator, fact), test.operands, strict=True):
        if fact.choices:
            _check_choice(value, raw, fact)
        elif fact.codes and (problem := fact.codes.problem(str(raw))):
            raise ConditionError(problem)


def holds(condition: Condition, facts: Mapping[str, Any], catalogue: Catalogue) -> bool:
    """Whether one condition holds for raw facts. Raises `ConditionError` for a condition that is wrong."""
    test = prepare(condition, catalogue)
    return test.passes(test.read(facts.get(condition.fact)))


def prepare(condition: Condition, catalogue: Catalogue) -> Test:
    """Check a condition and read its operands once. Raises `ConditionError`."""
    try:
        fact = catalogue[condition.fact]
    except UnknownFactError as error:
        raise ConditionError(str(error)) from None
    operator = _operator(condition.operator, fact)
    operands = tuple(_operand(raw, operator, fact) for raw in _spread(condition.operand, operator, fact))
    if arity(operator) is Arity.RANGE and operands[0] > operands[1]:
        low, high = condition.operand
        raise ConditionError(
            f"{_said(operator, fact)} {low} and {high} is reversed: the lower end goes first."
        )
    return Test(fact, operator, operands, reader(fact.type), MEANINGS[operator](*operands))


def _operator(name: str, fact: Fact) -> Operator:
    allowed = operators_for(fact.type)
    try:
        operator = Operator(name)
    except ValueError:
        operator = None
    if operator in allowed:
        return operator
    choose = ", ".join(label(one, fact.type) for one in allowed)
    problem = (
        "There is no operator" if operator is None else f"A {_TYPE_NAMES[fact.type]} fact does not allow"
    )
    raise ConditionError(f"{problem} “{name}”. For {fact.label} choose one of: {choose}.")


def _said(operator: Operator, fact: Fact) -> str:
    return f"“{fact.label} {label(operator, fact.type)}”"


def _spread(operand: Any, operator: Operator, fact: Fact) -> tuple[Any, ...]:
    """The operands one by one, in the number that the operator takes."""
    said = _said(operator, fact)
    several = tuple(operand) if isinstance(operand, (tuple, list)) else None
    match arity(operator):
        case Arity.NONE:
            if operand not in (None, "", (), []):
                raise ConditionError(f"{said} takes no value: leave it empty.")
            return ()
        case Arity.ONE:
            if several is not None:
                raise ConditionError(f"{said} takes one value, not a list.")
            return (operand,)
        case Arity.RANGE:
            if several is None or len(several) != 2:
                raise ConditionError(f"{said} needs two values: the lower and the upper end.")
            return several
        case Arity.LIST:
            if not several:
                raise ConditionError(f"{said} needs a list with at least one value.")
            return several


def _operand(raw: Any, operator: Operator, fact: Fact) -> Any:
    said = _said(operator, fact)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        raise ConditionError(f"{said} needs a value.")
    if operator is Operator.MATCHES:
        return _pattern(raw, said)
    value = reader(fact.type)(raw)
    if fact.type in (FactType.SET, FactType.PLACE) and value is not None:
        if len(value) != 1:
            raise ConditionError(f"{said}: “{raw}” is not one value.")
        (value,) = value
    if value is None:
        raise ConditionError(f"{said}: “{raw}” is not {_WANTED[fact.type]}.")
    if fact.type is FactType.NUMBER:
        return _number(value, raw, said)
    return value


def _number(value: int | Decimal, raw: Any, said: str) -> int | Decimal:
    """Within bounds in which the arithmetic of break points is exact."""
    if not -_TOO_LARGE < value < _TOO_LARGE:
        raise ConditionError(f"{said}: {raw} is too large.")
    if isinstance(value, int):
        return value
    if value == int(value):
        return int(value)
    if value != round(value, MAX_DECIMALS):
        raise ConditionError(f"{said}: {raw} has more than {MAX_DECIMALS} decimal places.")
    return value


def _check_choice(value: Any, raw: Any, fact: Fact) -> None:
    known = {fold(choice): choice for choice, _ in fact.choices}
    if value in known:
        return
    near = get_close_matches(str(value), known, n=3) or list(known)[:8]
    shown = ", ".join(f"“{known[choice]}”" for choice in near)
    raise ConditionError(f"“{raw}” is not a known {fact.label}. Choose for example {shown}.")


def _pattern(raw: Any, said: str) -> Any:
    """Compile an RE2 pattern that sees folded text: case does not count, and accents are taken off it too."""
    if not isinstance(raw, str):
        raise ConditionError(f"{said} needs a pattern written as text.")
    if len(raw) > MAX_PATTERN:
        raise ConditionError(f"{said}: the pattern is longer than {MAX_PATTERN} characters.")
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    try:
        return re2.compile("".join(map(_fold_in_pattern, raw.strip())), options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise ConditionError(f"{said}: the pattern cannot be used ({reason}).") from None


def _fold_in_pattern(char: str) -> str:
    if char.isascii():
        return char
    folded = fold(char)
    return folded if folded.isalnum() or unicodedata.category(char) == "Mn" else char


_TYPE_NAMES = {type_: type_.value.replace("_", "/") for type_ in FactType}
_WANTED = {
    FactType.CHOICE: "a text",
    FactType.TEXT: "a text",
    FactType.NUMBER: "a number",
    FactType.YES_NO: "yes or no",
    FactType.SET: "a text",
    FactType.MOMENT: "a date and time with its zone, such as 2026-11-24T09:00+01:00",
    FactType.PLACE: "the code of a territory",
}
