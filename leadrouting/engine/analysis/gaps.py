"""Leads that no rule takes, each with a box around it that is as wide as can be."""

from __future__ import annotations

from leadrouting.engine.analysis.boxing import Boxing
from leadrouting.engine.analysis.desk import Desk, Found
from leadrouting.engine.analysis.findings import Certainty, Gap
from leadrouting.engine.analysis.formula import Clause
from leadrouting.engine.analysis.shapes import Shapes
from leadrouting.engine.analysis.solver import SpentError

MAX_GAPS = 10


def gaps(desk: Desk, shapes: Shapes) -> tuple[tuple[Gap, ...], Certainty]:
    """Up to MAX_GAPS gaps, each outside the boxes of those before, and whether these are all (or that many)."""
    found: list[Gap] = []
    outside: list[Clause] = []
    known: list[int] = []
    try:
        while len(found) < MAX_GAPS:
            desk.solver.ask()
            wanted = [*outside, *(clause for place in known for clause in desk.denies(place))]
            answer = desk.find(wanted, goal=None)
            known += answer.taken
            if answer.facts is None:
                return tuple(found), _certainty(desk, wanted, answer)
            boxing = Boxing(desk, shapes, answer.facts)
            found.append(Gap(desk.witness(answer.facts), boxing.rule()))
            outside.append(boxing.outside())
    except SpentError:
        return tuple(found), Certainty.NOT_DECIDED
    return tuple(found), Certainty.PROVEN


def _certainty(desk: Desk, wanted: list[Clause], answer: Found) -> Certainty:
    """Whether nothing is left also when the patterns, for which no text was found, are free."""
    if not answer.guesses:
        return Certainty.PROVEN
    rest = [clause for place in range(len(desk.rules)) for clause in desk.denies(place)]
    return Certainty.CANNOT_TELL if desk.possible([*wanted, *rest]) else Certainty.PROVEN
