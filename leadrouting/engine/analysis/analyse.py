"""The analysis of a whole rule set."""

from __future__ import annotations

from leadrouting.engine.analysis.findings import Analysis, Witness, World
from leadrouting.engine.model import RuleSet

DEFAULT_BUDGET = 2_000_000  # steps of the search; a few seconds


def analyse(ruleset: RuleSet, world: World, *, budget: int = DEFAULT_BUDGET) -> Analysis:
    """Rules that never fire, overlaps with different targets, and gaps. Pure: the same input, the same findings.

    `budget` is a number of steps, not of seconds; what is not decided within it says so.
    """
    return Analysis()


def example_of(
    ruleset: RuleSet, rule_id: int, world: World, *, budget: int = DEFAULT_BUDGET
) -> Witness | None:
    """A lead that this rule takes; None when there is none, or none was found, or the rule is wrong."""
    return None
