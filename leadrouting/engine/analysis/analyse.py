"""The analysis of a whole rule set."""

from __future__ import annotations

from leadrouting.engine.analysis.desk import Desk
from leadrouting.engine.analysis.findings import Analysis, Certainty, NeverFires, Witness, World
from leadrouting.engine.analysis.gaps import gaps
from leadrouting.engine.analysis.never import fires
from leadrouting.engine.analysis.overlaps import crossing, overlaps
from leadrouting.engine.analysis.shapes import Shapes
from leadrouting.engine.model import RuleSet

DEFAULT_BUDGET = 5_000_000  # steps of the search; a few seconds


def analyse(ruleset: RuleSet, world: World, *, budget: int = DEFAULT_BUDGET) -> Analysis:
    """Rules that never fire, overlaps with different targets, and gaps. Pure: the same input, the same findings.

    `budget` is a number of steps, not of seconds; what is not decided within it says so.
    """
    desk = Desk(ruleset, world, budget)
    shapes = Shapes(desk)
    desk.solver.keep = budget // 3
    never: list[NeverFires] = []
    dead: list[int] = []
    examples: dict[int, Witness] = {}
    for place, rule in enumerate(desk.originals):
        answer = fires(desk, shapes, place)
        if isinstance(answer, NeverFires):
            never.append(answer)
            if answer.certainty is Certainty.PROVEN:
                dead.append(place)
        else:
            examples[rule.id] = answer
    desk.solver.keep = budget // 6
    open_, certainty = gaps(desk, shapes)
    desk.solver.keep = 0
    pairs = list(crossing(desk, shapes, dead))
    below: dict[int, int] = {}
    for higher, lower in pairs:
        id_ = desk.originals[higher].id
        below[id_] = below.get(id_, 0) | 1 << lower
    return Analysis(
        never=tuple(never),
        overlaps=overlaps(desk, shapes, pairs),
        overlap_count=len(pairs),
        gaps=open_,
        gaps_certainty=certainty,
        wrong=tuple(desk.wrong),
        examples=examples,
        order=tuple(rule.id for rule in desk.originals),
        below=below,
    )


def example_of(
    ruleset: RuleSet, rule_id: int, world: World, *, budget: int = DEFAULT_BUDGET
) -> Witness | None:
    """A lead that this rule takes; None when there is none, or none was found, or the rule is wrong."""
    desk = Desk(ruleset, world, budget)
    place = next((place for place, rule in enumerate(desk.originals) if rule.id == rule_id), None)
    answer = None if place is None else fires(desk, Shapes(desk), place)
    return answer if isinstance(answer, Witness) else None
