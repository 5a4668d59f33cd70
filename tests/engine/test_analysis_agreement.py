"""Random rule sets over all types and operators: the analysis says what trying every lead says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.engine.operators import Operator
from tests.engine.agreement import disagreements
from tests.engine.small_worlds import OPERANDS, case


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_the_analysis_agrees_with_brute_force(r: Random) -> None:
    small = case(r)
    assert disagreements(small) == [], small.ruleset


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_the_analysis_agrees_on_seeded_rule_sets(start: int) -> None:
    wrong = {seed: disagreements(case(Random(seed))) for seed in range(start, start + 100)}
    assert {seed: found for seed, found in wrong.items() if found} == {}


def test_the_seeded_rule_sets_ask_about_every_type_with_every_operator() -> None:
    rules = [rule for seed in range(500) for rule in case(Random(seed)).ruleset.rules]
    conditions = [condition for rule in rules for condition in rule.conditions]
    assert {condition.operator for condition in conditions} == set(Operator)
    assert {condition.fact for condition in conditions} == set(OPERANDS)
    assert any("NOT (NOT" in rule.logic and "OR" in rule.logic for rule in rules)
