"""The box of a gap in words: `country is not IN, score is blank or less than 10 points, …`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadrouting.engine.describe import describe_condition, describe_value
from leadrouting.engine.facts import Catalogue, Fact
from leadrouting.engine.logic import And, Node, Not, Or, Ref, parse
from leadrouting.engine.model import Condition, Rule
from leadrouting.engine.operators import Operator, label

LONGEST = 6  # values of a list that are all named
_MISSES = {
    Operator.CONTAINS: "does not contain",
    Operator.STARTS_WITH: "does not start with",
    Operator.ENDS_WITH: "does not end with",
    Operator.MATCHES: "does not match",
}
_OTHER_SIDE = {
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.MORE,
    Operator.MORE: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.LESS,
}


def say_box(box: Rule, catalogue: Catalogue) -> str:
    """All that a box says, without where it is valid; empty for a box without conditions."""
    node = parse(box.logic, len(box.conditions))
    terms = node.terms if isinstance(node, And) else (node,)
    pairs = _between(terms, box)
    paired = [condition for pair in pairs for condition in pair]
    said = [
        _term(term, box, catalogue)
        for term in terms
        if _outside(term, box) is None and _bound(term, box) not in paired
    ]
    said += [_range(low, high, catalogue) for low, high in pairs]
    outside: dict[str, list[str]] = {}
    for condition in filter(None, (_outside(term, box) for term in terms)):
        place = describe_value(condition.operand, catalogue[condition.fact])
        outside.setdefault(condition.fact, []).append(place)
    said += [f"{catalogue[key].label} is not within {_some(places)}" for key, places in outside.items()]
    return ", ".join(said)


def _outside(term: Node, box: Rule) -> Condition | None:
    """The condition, when the term is that a place is not within a territory."""
    match term:
        case Not(Ref(number)) if box.conditions[number - 1].operator == Operator.WITHIN:
            return box.conditions[number - 1]
    return None


def _bound(term: Node, box: Rule) -> Condition | None:
    """The condition of a term that says where a range ends; blank is on both sides of it."""
    match term:
        case Not(Ref(number)) if box.conditions[number - 1].operator in _OTHER_SIDE:
            return box.conditions[number - 1]
    return None


def _between(terms: tuple[Node, ...], box: Rule) -> list[tuple[Condition, Condition]]:
    """By fact the two ends of a range: what it is not below, and what it is not above."""
    ends: dict[str, list[Condition]] = {}
    for condition in filter(None, (_bound(term, box) for term in terms)):
        ends.setdefault(condition.fact, []).append(condition)
    pairs = [sorted(two, key=_is_upper) for two in ends.values() if len(two) == 2]
    return [(low, high) for low, high in pairs if _is_upper(low) < _is_upper(high)]


def _is_upper(condition: Condition) -> bool:
    """Whether its NOT is an upper end."""
    return Operator(condition.operator) in (Operator.MORE, Operator.AT_LEAST)


def _range(low: Condition, high: Condition, catalogue: Catalogue) -> str:
    """`company size is blank, or at least 25 and less than 1,000 employees`."""
    fact = catalogue[low.fact]
    plain = Catalogue([replace(fact, unit="")])
    return f"{fact.label} is blank, or {_other_side(low, plain)} and {_other_side(high, catalogue)}"


def _term(term: Node, box: Rule, catalogue: Catalogue) -> str:
    match term:
        case Ref(number):
            return _short(box.conditions[number - 1], catalogue)
        case Not(Ref(number)):
            return _not(box.conditions[number - 1], catalogue)
        case Or(terms):
            first, *others = [_term(one, box, catalogue) for one in terms]
            subject = f"{catalogue[_facts(terms, box)].label} "
            return " or ".join([first, *(other.removeprefix(subject) for other in others)])
        case _:
            raise ValueError(f"A box does not say {term}")


def _facts(terms: tuple[Node, ...], box: Rule) -> str:
    return next(box.conditions[term.number - 1].fact for term in terms if isinstance(term, Ref))


def _short(condition: Condition, catalogue: Catalogue) -> str:
    """As the rule would say it, long lists cut short."""
    operand = condition.operand
    if not isinstance(operand, tuple) or len(operand) <= LONGEST:
        return describe_condition(condition, catalogue)
    fact = catalogue[condition.fact]
    return f"{fact.label} {label(Operator(condition.operator))} {_some(list(_values(operand, fact)))}"


def _values(operand: tuple[object, ...], fact: Fact) -> Iterator[str]:
    return (describe_value(one, fact) for one in operand)


def _some(items: list[str]) -> str:
    if len(items) > LONGEST:
        items = [*items[: LONGEST - 1], f"{len(items) - LONGEST + 1} others"]
    *most, last = items
    return f"{', '.join(most)} or {last}" if most else last


def _not(condition: Condition, catalogue: Catalogue) -> str:
    """What a NOT before one condition means: of a range, blank or the other side."""
    fact, operator = catalogue[condition.fact], Operator(condition.operator)
    if operator in _MISSES:
        return f"{fact.label} {_MISSES[operator]} {describe_value(condition.operand, fact)}"
    return f"{fact.label} is blank or {_other_side(condition, catalogue)}"


def _other_side(condition: Condition, catalogue: Catalogue) -> str:
    """Where a range ends that NOT leaves, without its fact: `less than 10 points`."""
    other = replace(condition, operator=_OTHER_SIDE[Operator(condition.operator)])
    return describe_condition(other, catalogue).removeprefix(f"{catalogue[condition.fact].label} is ")
