"""What each operator means: from its operands to a question about one value, None standing for blank.

The single home of it: whoever matches, compiled or not, asks these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from leadrouting.engine.operators import Operator


def _is(operand: Any) -> Callable[[Any], bool]:
    return lambda value: value is not None and bool(value == operand)


def _is_not(operand: Any) -> Callable[[Any], bool]:
    return lambda value: value is None or bool(value != operand)


def _is_any_of(*operands: Any) -> Callable[[Any], bool]:
    wanted = frozenset(operands)
    return lambda value: value is not None and value in wanted


def _is_none_of(*operands: Any) -> Callable[[Any], bool]:
    unwanted = frozenset(operands)
    return lambda value: value is None or value not in unwanted


def _includes_any(*operands: str) -> Callable[[Any], bool]:
    wanted = frozenset(operands)
    return lambda value: value is not None and not wanted.isdisjoint(value)


def _includes_all(*operands: str) -> Callable[[Any], bool]:
    wanted = frozenset(operands)
    return lambda value: value is not None and wanted <= value


def _includes_none(*operands: str) -> Callable[[Any], bool]:
    unwanted = frozenset(operands)
    return lambda value: value is None or unwanted.isdisjoint(value)


def _matches(pattern: Any) -> Callable[[Any], bool]:
    search = pattern.search
    return lambda value: value is not None and search(value) is not None


MEANINGS: Mapping[Operator, Callable[..., Callable[[Any], bool]]] = {
    Operator.IS: _is,
    Operator.IS_NOT: _is_not,
    Operator.IS_ANY_OF: _is_any_of,
    Operator.IS_NONE_OF: _is_none_of,
    Operator.IS_BLANK: lambda: lambda value: value is None,
    Operator.IS_NOT_BLANK: lambda: lambda value: value is not None,
    Operator.LESS: lambda end: lambda value: value is not None and value < end,
    Operator.AT_MOST: lambda end: lambda value: value is not None and value <= end,
    Operator.MORE: lambda end: lambda value: value is not None and value > end,
    Operator.AT_LEAST: lambda end: lambda value: value is not None and value >= end,
    Operator.BETWEEN: lambda low, high: lambda value: value is not None and low <= value <= high,
    Operator.CONTAINS: lambda part: lambda value: value is not None and part in value,
    Operator.STARTS_WITH: lambda part: lambda value: value is not None and value.startswith(part),
    Operator.ENDS_WITH: lambda part: lambda value: value is not None and value.endswith(part),
    Operator.MATCHES: _matches,
    Operator.INCLUDES_ANY: _includes_any,
    Operator.INCLUDES_ALL: _includes_all,
    Operator.INCLUDES_NONE: _includes_none,
    Operator.WITHIN: _includes_any,
}
