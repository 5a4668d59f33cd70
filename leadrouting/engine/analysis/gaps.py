"""Leads that no rule takes, each with a box around it that is as wide as can be."""

from __future__ import annotations

from leadrouting.engine.analysis.boxing import Boxing
from leadrouting.engine.analysis.desk import Desk
from leadrouting.engine.analysis.findings import Certainty, Gap
from leadrouting.engine.analysis.formula import Clause
from leadrouting.engine.analysis.shapes import Shapes
from leadrouting.engine.analysis.solver import SpentError

MAX_GAPS = 10
SHARE = 4  # of the budget, for each gap: there are few, and each is about all rules


def gaps(desk: Desk, shapes: Shapes) -> tuple[tuple[Gap, ...], Certainty]:
    """Up to MAX_GAPS gaps, each outside the boxes of those before, and whether these are all (or that many)."""
    found: list[Gap] = []
    wanted: list[Clause] = []
    try:
        while len(found) < MAX_GAPS:
            desk.solver.ask(SHARE)
            answer = desk.find(wanted, goal=None)
            wanted += [clause for place in answer.taken for clause in desk.denies(place)]
            if answer.facts is None:
                rest = [clause for place in range(len(desk.rules)) for clause in desk.denies(place)]
                sure = not answer.guesses or not desk.possible([*wanted, *rest])
                return tuple(found), Certainty.PROVEN if sure else Certainty.CANNOT_TELL
            boxing = Boxing(desk, shapes, answer.facts)
            found.append(Gap(desk.witness(answer.facts), boxing.rule()))
            wanted.append(boxing.outside())
    except SpentError:
        return tuple(found), Certainty.NOT_DECIDED
    return tuple(found), Certainty.PROVEN
