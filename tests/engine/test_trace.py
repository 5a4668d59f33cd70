"""Every verdict explains itself, in sentences."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from leadrouting.engine.describe import describe_condition, describe_rule
from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.engine.logic import evaluate, parse
from leadrouting.engine.model import Condition, Rule, RuleSet
from leadrouting.engine.trace import trace
from leadrouting.engine.walk import first_match
from tests.engine.engine_strategies import CATALOGUE, facts, rule_sets

NAMED = Catalogue(
    [
        Fact("country", FactType.CHOICE, "country", choices=(("IN", "India"), ("DE", "Germany"))),
        Fact("attributes.seats", FactType.NUMBER, "seats", unit="seats"),
    ]
)
INDIA = Condition("country", "is", "in")
VIP = Condition("tier", "is", "VIP")
LARGE = Condition("score", ">=", 80)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (INDIA, "country is India"),
        (Condition("country", "is_any_of", ("IN", "DE", "FR")), "country is any of India, Germany or FR"),
        (Condition("country", "is_any_of", ("IN",)), "country is India"),
        (Condition("country", "is_none_of", ["IN"]), "country is not India"),
        (Condition("country", "is_blank"), "country is blank"),
        (Condition("attributes.seats", ">=", 10_000), "seats is at least 10,000 seats"),
        (Condition("attributes.seats", "between", (10, "2000.50")), "seats is between 10 and 2,000.5 seats"),
        (
            Condition("received_at", "<", "2026-03-29T12:00+02:00"),
            "time received is before 2026-03-29 10:00 UTC",
        ),
        (Condition("is_repeat", "is", True), "repeat enquiry is yes"),
        (Condition("job_title", "contains", " chief "), "job title contains “chief”"),
        (Condition("tags", "includes_all", ("a", "b")), "tags includes all of a and b"),
        (Condition("tags", "includes_any", ("a",)), "tags includes a"),
        (Condition("territory", "within", "dach"), "territory is within dach"),
        (Condition("nonsense", "is", "x"), "nonsense is x"),
        (Condition("country", "like", ("x", "y")), "country like x, y"),
        (Condition("score", ">", None), "score is more than blank"),
        (Condition("score", "between", 5), "score is between 5 points"),
    ],
)
def test_a_condition_in_words(condition: Condition, said: str) -> None:
    assert describe_condition(condition, NAMED) == said


@pytest.mark.parametrize(
    ("conditions", "logic", "said"),
    [
        ((), "", "For every lead"),
        ((INDIA, VIP), "", "When country is India and tier is VIP"),
        (
            (INDIA, VIP, LARGE),
            "1 and (2 or 3)",
            "When country is India and (tier is VIP or score is at least 80 points)",
        ),
        ((INDIA, VIP), "1 AND NOT 2", "When country is India and tier is not VIP"),
        ((INDIA, LARGE), "1 AND NOT 2", "When country is India and not (score is at least 80 points)"),
        ((INDIA, VIP), "NOT (1 OR 2)", "When not (country is India or tier is VIP)"),
        ((INDIA, VIP), "1 AND", "When country is India; tier is VIP (joined by: 1 AND)"),
    ],
)
def test_a_rule_in_words(conditions: tuple[Condition, ...], logic: str, said: str) -> None:
    assert describe_rule(Rule(1, "r", conditions, logic), NAMED) == said


@pytest.mark.parametrize(
    ("logic", "lead", "failed_at", "said"),
    [
        (
            "",
            {"country": "DE"},
            1,
            "“r” did not match: it asks that country is India, but country is Germany.",
        ),
        ("", {"country": "IN"}, 2, "“r” did not match: it asks that tier is VIP, but tier is blank."),
        (
            "1 AND NOT 2",
            {"country": "in", "tier": "vip"},
            2,
            "“r” did not match: it must not be that tier is VIP.",
        ),
        (
            "1 OR 2",
            {"tier": "plus"},
            1,
            "“r” did not match: it asks that country is India, but country is blank.",
        ),
        ("NOT (1 OR 2)", {"tier": "vip"}, 2, "“r” did not match: it must not be that tier is VIP."),
        ("", {"country": "in", "tier": "vip"}, None, "“r” matched: when country is India and tier is VIP."),
    ],
)
def test_the_condition_that_decided(
    logic: str, lead: dict[str, Any], failed_at: int | None, said: str
) -> None:
    (traced,) = trace([Rule(1, "r", (INDIA, VIP), logic)], lead, NAMED)
    assert (traced.failed_at, traced.sentence) == (failed_at, said)
    assert [condition.seen for condition in traced.conditions] == [lead.get("country"), lead.get("tier")]


@given(rule_sets(), facts())
@settings(max_examples=100, deadline=None)
def test_the_trace_ends_with_the_winner(ruleset: RuleSet, lead: dict[str, Any]) -> None:
    winner = first_match(ruleset, lead, CATALOGUE)
    traces = trace(ruleset.rules, lead, CATALOGUE)
    if winner is None:
        assert len(traces) == len(ruleset.rules)
    else:
        assert traces[-1].rule is winner
        assert traces[-1].failed_at is None
    for traced in traces[:-1] if winner else traces:
        assert traced.failed_at is not None
        held = [condition.held for condition in traced.conditions]
        node = parse(traced.rule.logic, len(held))
        assert not evaluate(node, lambda number, held=held: held[number - 1])
