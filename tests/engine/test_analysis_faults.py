"""Faults put into the analyser on purpose: the comparison with brute force must find each of them.

This shows that the comparison is sharp. Each fault is small and typical; without one, all rule sets agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest

from leadrouting.engine.analysis import samples
from leadrouting.engine.analysis.desk import Desk, Found
from leadrouting.engine.analysis.facets import Line
from leadrouting.engine.analysis.formula import Clause
from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Catalogue, Fact
from leadrouting.engine.operators import Operator
from leadrouting.engine.spans import ANY_NUMBER
from tests.engine import agreement
from tests.engine.agreement import disagreements
from tests.engine.small_worlds import WORLD, case

SEEDS = range(120)
Patch = pytest.MonkeyPatch


def a_dropped_blank(patch: Patch) -> None:
    """Facts are taken as never blank."""

    def none(fact: Fact) -> list[samples.Sample]:
        return []

    patch.setattr(samples, "blanks", none)


def a_range_off_by_one(patch: Patch) -> None:
    """“At most 5” stops before 5."""
    passing = Line.passing

    def short(line: Line, test: Test) -> int:
        mask = passing(line, test)
        if test.operator is Operator.AT_MOST and mask:
            mask ^= 1 << mask.bit_length() - 1
        return mask

    patch.setattr(Line, "passing", short)


def a_union_ignored(patch: Patch) -> None:
    """Each rule above is looked at by itself; what several take together is forgotten."""
    find = Desk.find

    def forgetful(desk: Desk, wanted: Sequence[Clause], goal: int | None) -> Found:
        found = find(desk, wanted, goal)
        alone = (desk.lead([*wanted, *desk.denies(one)], []) is None for one in found.taken)
        if found.facts is None and found.taken and not any(alone):
            return Found(next(iter(found.taken.values())), {})
        return found

    patch.setattr(Desk, "find", forgetful)


def numbers_without_their_span(patch: Patch) -> None:
    """Between 50 and 51 employees there seem to be some, and fewer than none."""
    plain = Catalogue([replace(fact, span=ANY_NUMBER) for fact in WORLD.catalogue.values()])
    patch.setattr(agreement, "WORLD", replace(WORLD, catalogue=plain))


def test_without_a_fault_all_rule_sets_agree() -> None:
    assert not any(disagreements(case(Random(seed))) for seed in SEEDS)


@pytest.mark.parametrize(
    "fault", [a_dropped_blank, a_range_off_by_one, a_union_ignored, numbers_without_their_span]
)
def test_a_fault_is_found(fault: Callable[[Patch], None], monkeypatch: Patch) -> None:
    fault(monkeypatch)
    found = next((seed for seed in SEEDS if disagreements(case(Random(seed)))), None)
    assert found is not None
