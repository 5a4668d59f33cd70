"""The compiled rules answer exactly as the plain walk does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.engine import columns, terms
from leadrouting.engine.compile import compile_rules
from leadrouting.engine.model import Condition, Rule, RuleSet
from leadrouting.engine.prepared import RuleError
from leadrouting.engine.walk import Walk, first_match
from tests.engine.engine_strategies import CATALOGUE, facts, rule_sets


def rule_set(*rules: Rule) -> RuleSet:
    return RuleSet(version=1, rules=rules, catch_all=1)


def rule(id_: int, *conditions: Condition, logic: str = "") -> Rule:
    return Rule(id_, f"rule {id_}", conditions, logic)


def assert_same(ruleset: RuleSet, leads: list[dict[str, Any]]) -> None:
    compiled, walk = compile_rules(ruleset, CATALOGUE), Walk(ruleset, CATALOGUE)
    for lead in [*leads, *leads]:  # the second time from memory
        assert compiled.match(lead) is walk.match(lead)
        alone = (Walk(replace(ruleset, rules=(rule,)), CATALOGUE).match(lead) for rule in ruleset.rules)
        assert list(compiled.matching(lead)) == [rule for rule in alone if rule is not None]


@given(rule_sets(), st.lists(facts(), min_size=1, max_size=6))
@settings(max_examples=250, deadline=None)
def test_compiled_and_walk_agree(ruleset: RuleSet, leads: list[dict[str, Any]]) -> None:
    assert_same(ruleset, leads)


@given(rule_sets(), st.lists(facts(), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_they_agree_when_the_logic_is_too_wide_for_masks(
    ruleset: RuleSet, leads: list[dict[str, Any]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms, "MAX_TERMS", 1)
        assert_same(ruleset, leads)


@given(rule_sets(), st.lists(facts(), min_size=4, max_size=8))
@settings(max_examples=60, deadline=None)
def test_they_agree_when_memory_is_full_all_the_time(ruleset: RuleSet, leads: list[dict[str, Any]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MEMORY", 2)
        assert_same(ruleset, leads)


def test_the_first_of_two_matching_rules_wins() -> None:
    early, late = rule(1, Condition("country", "is", "DE")), rule(2)
    compiled = compile_rules(rule_set(early, late), CATALOGUE)
    assert compiled.match({"country": "de"}) is early
    assert compiled.match({"country": "fr"}) is late


def test_nothing_matches_an_empty_rule_set() -> None:
    assert compile_rules(rule_set(), CATALOGUE).match({"country": "de"}) is None
    assert first_match(rule_set(), {"country": "de"}, CATALOGUE) is None


def test_a_rule_without_conditions_matches_a_lead_without_facts() -> None:
    everything = rule(1)
    assert compile_rules(rule_set(everything), CATALOGUE).match({}) is everything


def test_two_questions_about_one_set_must_both_hold() -> None:
    both = rule(1, Condition("tags", "includes_all", ("a", "b")), Condition("tags", "includes_none", ("c",)))
    compiled = compile_rules(rule_set(both), CATALOGUE)
    assert compiled.match({"tags": ["A", "B"]}) is both
    assert compiled.match({"tags": ["A"]}) is None
    assert compiled.match({"tags": ["a", "b", "c"]}) is None


def test_neighbouring_numbers_fall_on_the_right_side() -> None:
    cheap = rule(1, Condition("deal_size", "<", Decimal("0.1")))
    exact = rule(2, Condition("deal_size", "is", "0.1"))
    compiled = compile_rules(rule_set(cheap, exact), CATALOGUE)
    assert compiled.match({"deal_size": 0.1}) is exact
    assert compiled.match({"deal_size": Decimal("0.0999999999999999999999999")}) is cheap
    assert compiled.match({"deal_size": Decimal("0.1000000000000000055511151231257827")}) is None
    assert compiled.match({"deal_size": 10**400}) is None


def test_wide_logic_is_checked_on_what_the_masks_leave() -> None:
    pairs = [
        (Condition("city", "contains", f"a{n}"), Condition("job_title", "is", f"b{n}")) for n in range(6)
    ]
    flat = tuple(condition for pair in pairs for condition in pair)
    ands = " AND ".join(f"({2 * n + 1} OR {2 * n + 2})" for n in range(6))
    wide = rule(1, *flat, logic=ands)
    compiled = compile_rules(rule_set(wide), CATALOGUE)
    assert compiled.match({"city": "a0a1a2a3a4a5"}) is wide
    assert compiled.match({"city": "a0a1a2a3a4"}) is None
    assert compiled.match({"city": "a0a1a2a3a4", "job_title": "B5"}) is wide


def test_a_value_of_the_wrong_kind_counts_as_blank() -> None:
    blank = rule(1, Condition("country", "is_blank"), Condition("score", "is_blank"))
    assert compile_rules(rule_set(blank), CATALOGUE).match({"country": ["DE"], "score": "many"}) is blank


@pytest.mark.parametrize(
    ("bad", "condition", "said"),
    [
        (
            rule(7, Condition("contry", "is", "DE")),
            1,
            "Rule “rule 7”, condition 1: There is no fact “contry”.",
        ),
        (
            rule(7, Condition("country", "is", "DE"), logic="1 AND 2"),
            None,
            "Rule “rule 7”, filter logic: There is",
        ),
    ],
)
def test_a_wrong_rule_is_named(bad: Rule, condition: int | None, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rules(rule_set(bad), CATALOGUE)
    assert str(caught.value).startswith(said)
    assert caught.value.condition == condition


def test_threads_share_what_is_remembered() -> None:
    ruleset = rule_set(*(rule(n, Condition("city", "ends_with", str(n))) for n in range(10)))
    compiled, walk = compile_rules(ruleset, CATALOGUE), Walk(ruleset, CATALOGUE)
    leads = [{"city": f"town {n}"} for n in range(6000)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(compiled.match, leads * 2, chunksize=500))
    assert answers == [walk.match(lead) for lead in leads] * 2
