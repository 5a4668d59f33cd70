"""A rule's logic as alternatives of literals, each of which one column of masks can say exactly.

The logic is brought into disjunctive normal form: each alternative gets a bit of its own, so OR across facts
and NOT cost no check later (rule expansion, as packet classifiers do with ranges: Gupta and McKeown, 2001).
Where that would take more than `MAX_TERMS` alternatives, the conjuncts that do not fit remain as a residual,
checked on the few rules that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Fact, FactType
from leadrouting.engine.logic import And, Node, Not, Or, Ref, evaluate, numbers
from leadrouting.engine.operators import SEARCHES, Operator
from leadrouting.engine.prepared import PreparedRule

MAX_TERMS = 16


@dataclass(frozen=True, slots=True)
class Exact:
    """A question about one value, whose answer changes only at `points` (and for blank)."""

    fact: Fact
    points: frozenset[Any]
    passes: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Hit:
    """A question about parts of a value: the answer is `default`, or the opposite when any pattern hits."""

    fact: Fact
    patterns: tuple[tuple[Operator, Any], ...]
    default: bool
    blank: bool


Literal = Exact | Hit
Term = tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """The rule holds when any of `terms` does, and `residual` too (None: nothing is left to check)."""

    terms: tuple[Term, ...]
    residual: Node | None


def expand(prepared: PreparedRule) -> Expansion:
    """Split a rule's logic into what masks say and what has to be checked."""
    top = prepared.logic.terms if isinstance(prepared.logic, And) else (prepared.logic,)
    parts = [(_expand(node, prepared.tests, True), node) for node in top]
    terms: list[Term] | None = [()]
    residual: list[Node] = []
    for part, node in sorted(parts, key=lambda pair: MAX_TERMS + 1 if pair[0] is None else len(pair[0])):
        wider = _product(terms, part)
        if wider is None:
            residual.append(node)
        else:
            terms = wider
    merged = tuple(_merge(term) for term in terms or ())
    return Expansion(merged, And(tuple(residual)) if residual else None)


def _expand(node: Node, tests: Sequence[Test], positive: bool) -> list[Term] | None:
    """The alternatives of `node` (of its negation, unless `positive`); None when there are too many."""
    exact = _exact(node, tests, positive)
    if exact is not None:
        return [(exact,)]
    match node:
        case Ref(number):
            return _hits(tests[number - 1], positive)
        case Not(term):
            return _expand(term, tests, not positive)
        case And(terms) | Or(terms):
            parts = [_expand(term, tests, positive) for term in terms]
            if isinstance(node, And) is positive:
                start: list[Term] | None = [()]
                return reduce(_product, parts, start)
            return _sum(parts)


def _exact(node: Node, tests: Sequence[Test], positive: bool) -> Exact | None:
    """The whole node as one question, when it is about the value of a single fact."""
    asked = [tests[number - 1] for number in numbers(node)]
    if not asked or any(test.fact is not asked[0].fact or not _by_value(test) for test in asked):
        return None
    points = frozenset(operand for test in asked for operand in test.operands)

    def passes(value: Any) -> bool:
        return evaluate(node, lambda number: tests[number - 1].passes(value)) is positive

    return Exact(asked[0].fact, points, passes)


def _by_value(test: Test) -> bool:
    return test.fact.type not in (FactType.SET, FactType.PLACE) and test.operator not in SEARCHES


def _hits(test: Test, positive: bool) -> list[Term]:
    fact, operator = test.fact, test.operator
    single = tuple((operator, operand) for operand in test.operands)
    members = tuple((Operator.INCLUDES_ANY, operand) for operand in test.operands)
    if operator is Operator.INCLUDES_ALL:
        each = [Hit(fact, (member,), default=not positive, blank=not positive) for member in members]
        return [tuple(each)] if positive else [(hit,) for hit in each]
    hit = {
        Operator.IS_BLANK: Hit(fact, (), default=False, blank=True),
        Operator.IS_NOT_BLANK: Hit(fact, (), default=True, blank=False),
        Operator.INCLUDES_ANY: Hit(fact, members, default=False, blank=False),
        Operator.INCLUDES_NONE: Hit(fact, members, default=True, blank=True),
        Operator.WITHIN: Hit(fact, members, default=False, blank=False),
    }.get(operator, Hit(fact, single, default=False, blank=False))
    return [(hit if positive else replace(hit, default=not hit.default, blank=not hit.blank),)]


def _product(left: list[Term] | None, right: list[Term] | None) -> list[Term] | None:
    if left is None or right is None or len(left) * len(right) > MAX_TERMS:
        return None
    return [one + other for one in left for other in right]


def _sum(parts: Iterable[list[Term] | None]) -> list[Term] | None:
    alternatives: list[Term] = []
    for part in parts:
        if part is None or len(alternatives) + len(part) > MAX_TERMS:
            return None
        alternatives += part
    return alternatives


def _merge(term: Term) -> Term:
    """One question per fact: several about the same value become one."""
    by_fact: dict[str, list[Exact]] = {}
    for literal in term:
        if isinstance(literal, Exact):
            by_fact.setdefault(literal.fact.key, []).append(literal)
    return (
        *(_all_of(literals) for literals in by_fact.values()),
        *dict.fromkeys(literal for literal in term if isinstance(literal, Hit)),
    )


def _all_of(literals: list[Exact]) -> Exact:
    if len(literals) == 1:
        return literals[0]
    points = frozenset().union(*(literal.points for literal in literals))
    return Exact(literals[0].fact, points, lambda value: all(literal.passes(value) for literal in literals))
