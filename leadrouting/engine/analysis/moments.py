"""The time of the decision as one more fact: a rule with a validity becomes a plain rule that asks for it."""

from __future__ import annotations

from dataclasses import replace

from leadrouting.engine.facts import CUSTOM_PREFIX, Catalogue, Fact, FactType
from leadrouting.engine.logic import Or, parse
from leadrouting.engine.model import Condition, Rule
from leadrouting.engine.operators import Operator

DECIDED_AT = f"{CUSTOM_PREFIX} decided at"  # with a blank, so that no attribute of ops has this name


def with_time(catalogue: Catalogue) -> Catalogue:
    """The same facts and the time of the decision."""
    decided_at = Fact(DECIDED_AT, FactType.MOMENT, "time of the decision", always=True)
    return Catalogue([*catalogue.values(), decided_at])


def timeless(rule: Rule, number: int) -> Rule:
    """The rule under another id, with its validity as conditions after its own. Its logic must be sound."""
    limits = []
    if rule.valid_from is not None:
        limits.append(Condition(DECIDED_AT, Operator.AT_LEAST, rule.valid_from))
    if rule.valid_until is not None:
        limits.append(Condition(DECIDED_AT, Operator.LESS, rule.valid_until))
    logic = rule.logic
    if limits and logic.strip():
        count = len(rule.conditions)
        inner = f"({logic})" if isinstance(parse(logic, count), Or) else logic
        logic = " AND ".join([inner, *(str(count + place) for place in range(1, len(limits) + 1))])
    return replace(
        rule,
        id=number,
        conditions=(*rule.conditions, *limits),
        logic=logic,
        valid_from=None,
        valid_until=None,
    )
