"""How many leads of the past a rule that is being written matches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leadrouting.assignments.insight.past import Past, past_leads
from leadrouting.engine.compile import CompiledRuleSet, compile_rules
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Condition, Rule, RuleSet
from leadrouting.engine.prepared import RuleError
from leadrouting.rules import models
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import condition_from, operand_of

LEADS = 1_000
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Matches:
    """`first`: how many of the matched no active rule above takes; None when nobody can say."""

    matched: int = 0
    of: int = 0
    first: int | None = None
    examples: Sequence[Past] = field(default=())
    error: str = ""


def matches(
    rule: Rule, above: Iterable[Rule] | None, known: Catalogue, *, now: datetime, limit: int = LEADS
) -> Matches:
    """Over the last `limit` leads. `above` are the rules that come before, as far as they are valid at `now`;
    None: not known."""
    try:
        match = compile_rules(RuleSet(0, (rule,), 0), known).match
    except RuleError as error:
        return Matches(error=in_words(error))
    leads = past_leads(limit)
    found = [lead for lead in leads if match(lead.facts) is not None]
    return Matches(len(found), len(leads), left_by(above, found, known, now), found[:EXAMPLES])


def left_by(
    above: Iterable[Rule] | None, leads: Sequence[Past], known: Catalogue, now: datetime
) -> int | None:
    if above is None:
        return None
    try:
        taken = compiled(RuleSet(0, tuple(above), 0).at(now), known)
    except RuleError:
        return None  # a rule above is not finished yet
    return sum(taken.match(lead.facts) is None for lead in leads)


_latest: tuple[RuleSet, Catalogue, CompiledRuleSet] | None = None


def compiled(rules: RuleSet, known: Catalogue) -> CompiledRuleSet:
    """From this process's memory while they are the same: they are asked about at each key that is pressed."""
    global _latest
    latest = _latest
    if latest is None or latest[:2] != (rules, known):
        _latest = latest = (rules, known, compile_rules(rules, known))
    return latest[2]


def in_words(error: RuleError) -> str:
    return f"Condition {error.condition}: {error.reason}" if error.condition else error.reason


def rule_as_typed(conditions: Iterable[dict[str, Any]], logic: str) -> Rule:
    """Texts as in the form -> a rule. KeyError: a part is missing."""
    asked: list[Condition] = [
        condition_from({**one, "operand": operand_of(one["operator"], one["value"])}) for one in conditions
    ]
    return Rule(0, "This rule", tuple(asked), logic)


def rules_above(rule: int | None, rule_set: int | None) -> list[Rule] | None:
    """The active rules before this one; for a new one all of its rule set, because it is added at the end.

    Only what they ask for, without their ladders. Up to three queries.
    """
    chosen = models.Rule.objects.filter(is_active=True)
    if rule is not None:
        here = models.Rule.objects.filter(pk=rule).values_list("rule_set", "precedence").first()
        if here is None:
            return None
        chosen = chosen.filter(rule_set=here[0], precedence__lt=here[1])
    elif rule_set is not None:
        chosen = chosen.filter(rule_set=rule_set)
    else:
        return None
    asked: dict[int, list[Condition]] = {}
    columns = ("rule", "fact", "operator", "value")
    for key, fact, operator, value in models.Condition.objects.filter(rule__in=chosen).values_list(*columns):
        condition = {"fact": fact, "operator": operator, "operand": operand_of(operator, value)}
        asked.setdefault(key, []).append(condition_from(condition))
    rows = chosen.values_list("pk", "name", "logic", "valid_from", "valid_until")
    return [
        Rule(key, name, tuple(asked.get(key, ())), logic, valid_from=start, valid_until=end)
        for key, name, logic, start, end in rows
    ]


def preview(
    conditions: Iterable[dict[str, Any]],
    logic: str,
    *,
    now: datetime,
    rule: int | None = None,
    rule_set: int | None = None,
) -> Matches:
    """What the page of a rule asks while somebody types. KeyError: a condition lacks a part."""
    return matches(rule_as_typed(conditions, logic), rules_above(rule, rule_set), catalogue(), now=now)
