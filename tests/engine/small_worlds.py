"""Small rule sets over all fact types and operators, and every lead of a universe small enough to try them all.

The values are written by hand, apart from the analyser's own classes: between and around all operands, with
blanks where a fact may be blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations, product
from math import prod
from random import Random
from typing import Any

from leadrouting.engine.analysis import World
from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind
from leadrouting.engine.operators import SEARCHES, Arity, Operator, arity, operators_for

MOST_LEADS = 5_000
TICK = timedelta(microseconds=1)
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
TIMES = (NOON, NOON + TICK, NOON + timedelta(days=1))
CHANNELS = (("form", "Form"), ("chat", "Chat"))
PLANS = (("gold", "Gold"), ("basic", "Basic"))
NEEDS = (("crm", "CRM"), ("chat", "Chat"))

CATALOGUE = Catalogue(
    [
        Fact("channel", FactType.CHOICE, "channel", choices=CHANNELS, always=True),
        Fact("attributes.plan", FactType.CHOICE, "plan", choices=PLANS),
        Fact("attributes.warm", FactType.YES_NO, "warm"),
        Fact("attributes.needs", FactType.SET, "needs", choices=NEEDS),
        Fact("attributes.call_at", FactType.MOMENT, "call at"),
        Fact("attributes.ratio", FactType.NUMBER, "ratio"),
    ]
)
PATHS = (("earth",), ("earth", "emea"), ("earth", "emea", "dach"), ("earth", "apac"), ("mars",))
WORLD = World(CATALOGUE, {path[-1]: path for path in PATHS})

OPERANDS: dict[str, tuple[Any, ...]] = {
    "country": ("IN", "Zürich", "de"),
    "channel": ("form", "chat", "fax"),
    "attributes.plan": ("gold", "basic", "retired"),
    "score": (0, 1, "0.5", 2),
    "company_size": (-1, 0, 50, "50.5", 51, 53, 2147483647),
    "lifetime_value": ("-5", 0, "0.01", "0.015", "0.02", 10),
    "attributes.ratio": (0, 1, "0.5", 2),
    "received_hour": (0, 5, "5.5", 6, 23, 30),
    "is_repeat": (True, False),
    "attributes.warm": (True, "no"),
    "tags": ("a", "b", "C"),
    "attributes.needs": ("crm", "chat", "retired"),
    "received_at": TIMES,
    "attributes.call_at": TIMES,
    "territory": ("earth", "emea", "DACH", "apac", "nowhere"),
    "job_title": ("pro", "Enterprise"),
}
PARTS = {
    Operator.CONTAINS: ("er", "e"),
    Operator.STARTS_WITH: ("en", "p"),
    Operator.ENDS_WITH: ("o",),
    Operator.MATCHES: ("^p", "[0-9]"),
}
_AROUND = [None, *(time + step for time in TIMES for step in (-TICK, 0 * TICK, TICK)), NOON + 7 * TICK]
VALUES: dict[str, tuple[Any, ...]] = {
    "country": (None, "in", "Zurich", "DE", "FR"),
    "channel": ("form", "chat", "fax"),
    "attributes.plan": (None, "gold", "basic", "retired"),
    "score": (None, -1, 0, 1, 2, 3),
    "company_size": (None, 0, 1, 50, 51, 52, 53, 54, 2147483647),
    "lifetime_value": (None, "0.00", "0.01", "0.02", "0.03", 10, "10.01"),
    "attributes.ratio": (None, -1, 0, "0.25", "0.5", "0.75", 1, "1.5", 2, 3),
    "received_hour": (0, 3, 5, 6, 12, 23),
    "is_repeat": (True, False),
    "attributes.warm": (None, True, False),
    "tags": (None, *(list(some) for size in (1, 2, 3, 4) for some in combinations("abcz", size))),
    "attributes.needs": (
        None,
        *(list(some) for n in (1, 2, 3) for some in combinations(("crm", "chat", "retired"), n)),
    ),
    "received_at": tuple(_AROUND[1:]),
    "attributes.call_at": tuple(_AROUND),
    "territory": (None, *(list(path) for path in PATHS)),
    "job_title": (
        *(
            None,
            "pro",
            "enterprise",
            "x",
            "o",
            "e",
            "er",
            "ero",
            "eo",
            "en",
            "eno",
            "ener",
            "enero",
            "p",
            "po",
        ),
        *(
            "pe",
            "peo",
            "per",
            "pero",
            "7",
            "7o",
            "e7",
            "er7",
            "er7o",
            "e7o",
            "en7",
            "en7o",
            "ener7",
            "ener7o",
        ),
        *("p7", "p7o", "pe7", "pe7o", "per7", "per7o"),
    ),
}
LIMITS = {  # what the columns hold: the lowest, the highest, the decimals
    "score": (-32768, 32767, 0),
    "company_size": (0, 2147483647, 0),
    "lifetime_value": (0, 999999999999.99, 2),
    "received_hour": (0, 23, 0),
}


def exists(lead: Mapping[str, Any]) -> bool:
    """Whether the database would hold the numbers of this lead."""
    for key, (low, high, places) in LIMITS.items():
        number = Decimal(str(lead.get(key, 0)))
        if not low <= number <= high or number != round(number, places):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Case:
    """A rule set with all leads, each with the instant of its decision. `exact`: no text is searched."""

    ruleset: RuleSet
    leads: tuple[tuple[dict[str, Any], datetime], ...]
    exact: bool


def case(r: Random) -> Case:
    """Rules about two or three facts, so that they get in each other's way."""
    keys = r.sample(sorted(OPERANDS), r.choice((1, 2, 2, 3)))
    timed = r.random() < 0.2
    while prod(len(VALUES[key]) for key in keys) * (len(_AROUND) if timed else 1) > MOST_LEADS:
        keys.pop()
    rules = tuple(_rule(r, number, keys, timed) for number in range(1, r.choice((1, 2, 3, 4, 5, 6)) + 1))
    exact = not any(condition.operator in SEARCHES for rule in rules for condition in rule.conditions)
    return Case(RuleSet(1, rules, catch_all=1), tuple(_leads(keys, rules, timed)), exact)


def is_possible(lead: Mapping[str, Any], rules: tuple[Rule, ...]) -> bool:
    """Whether there can be such a lead when these rules are all there are."""
    return all(_possible(value, _mentioned(rules, key)) for key, value in lead.items())


def _leads(
    keys: list[str], rules: tuple[Rule, ...], timed: bool
) -> Iterator[tuple[dict[str, Any], datetime]]:
    values = [[value for value in VALUES[key] if _possible(value, _mentioned(rules, key))] for key in keys]
    for chosen in product(*values, _AROUND[1:] if timed else (NOON,)):
        lead = {key: value for key, value in zip(keys, chosen, strict=False) if value is not None}
        yield lead, chosen[-1]


def _mentioned(rules: tuple[Rule, ...], key: str) -> set[Any]:
    asked = (condition.operand for rule in rules for condition in rule.conditions if condition.fact == key)
    return {one for operand in asked for one in _several(operand)}


def _several(operand: Any) -> tuple[Any, ...]:
    return operand if isinstance(operand, tuple) else (operand,)


def _possible(value: Any, mentioned: set[Any]) -> bool:
    """A choice that is not on the list exists only when a rule names it still."""
    gone = {"fax", "retired"} - mentioned
    return not gone.intersection(value if isinstance(value, list) else (value,))


def _rule(r: Random, number: int, keys: list[str], timed: bool) -> Rule:
    conditions = tuple(_condition(r, r.choice(keys)) for _ in range(r.choice((0, 1, 1, 2, 2, 3, 4))))
    logic = _logic(r, list(range(1, len(conditions) + 1))) if conditions and r.random() < 0.5 else ""
    start, end = (r.choice((None, *TIMES)) if timed else None for _ in range(2))
    ladder = (Step(StepKind.POOL, r.choice((1, 2, 3))),)
    return Rule(number, f"rule {number}", conditions, logic, ladder, valid_from=start, valid_until=end)


def _logic(r: Random, numbers: list[int], depth: int = 0) -> str:
    """AND, OR and NOT nested, each condition used."""
    if depth < 3 and r.random() < 0.25:
        return f"NOT ({_logic(r, numbers, depth + 1)})"
    if len(numbers) == 1:
        return str(numbers[0])
    cut = r.randrange(1, len(numbers))
    parts = (_logic(r, part, depth + 1) for part in (numbers[:cut], numbers[cut:]))
    return r.choice((" AND ", " OR ")).join(f"({part})" for part in parts)


def _condition(r: Random, key: str) -> Condition:
    operator = r.choice(operators_for(CATALOGUE[key].type))
    if operator in SEARCHES:
        return Condition(key, operator, r.choice(PARTS[operator]))
    operands = OPERANDS[key]
    match arity(operator):
        case Arity.NONE:
            return Condition(key, operator)
        case Arity.ONE:
            return Condition(key, operator, r.choice(operands))
        case Arity.LIST:
            return Condition(key, operator, tuple(r.choice(operands) for _ in range(r.choice((1, 2, 3)))))
        case Arity.RANGE:
            low, high = sorted((r.choice(operands), r.choice(operands)), key=_in_order)
            return Condition(key, operator, (low, high))


def _in_order(value: Any) -> Any:
    return value if isinstance(value, datetime) else float(value)
