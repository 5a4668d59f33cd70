"""Pairs of rules that claim the same leads for different targets, where the order alone decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from heapq import nsmallest
from itertools import chain
from typing import Any

from leadrouting.engine.analysis.desk import Desk, DisagreementError
from leadrouting.engine.analysis.findings import Certainty, Overlap
from leadrouting.engine.analysis.formula import Clause
from leadrouting.engine.analysis.grid import bits
from leadrouting.engine.analysis.shapes import Shapes
from leadrouting.engine.analysis.solver import SpentError
from leadrouting.engine.model import Rule

MAX_OVERLAPS = 200
Pair = tuple[int, int]  # the places of the higher and the lower rule


def overlaps(desk: Desk, shapes: Shapes, pairs: Sequence[Pair]) -> tuple[Overlap, ...]:
    """The pairs that most deserve a look, those with a witness first.

    First come pairs that ask about the same facts, then pairs of broad rules, then in the order of precedence.
    """
    facts = _facts(desk)

    def dullness(pair: Pair) -> tuple[float, int, Pair]:
        one, other = facts[pair[0]], facts[pair[1]]
        shared = (one & other).bit_count() / ((one | other).bit_count() or 1)
        sizes = len(desk.rules[pair[0]].tests) + len(desk.rules[pair[1]].tests)
        return -shared, sizes, pair

    listed = [_overlap(desk, shapes, pair) for pair in nsmallest(MAX_OVERLAPS, pairs, key=dullness)]
    return tuple(sorted(listed, key=lambda overlap: overlap.witness is None))


def _facts(desk: Desk) -> list[int]:
    """By rule, a mask of the facts that it asks about."""
    place = {key: number for number, key in enumerate(desk.space.facets)}
    return [sum({1 << place[test.fact.key] for test in prepared.tests}) for prepared in desk.rules]


def crossing(desk: Desk, shapes: Shapes, dead: Collection[int]) -> Iterator[Pair]:
    """The pairs with different targets that claim the same leads, while neither asks for all that the other does.

    Rules that never fire (`dead`) are a finding of their own and left out.
    """
    alive = sum(1 << place for place in range(len(desk.rules)) if place not in dead)
    same: dict[Any, int] = {}
    for place, rule in enumerate(desk.originals):
        same[_target(rule)] = same.get(_target(rule), 0) | 1 << place
    inside = _turned([shapes.around(place) for place in range(len(desk.rules))])
    doubtful = shapes.loose | shapes.many
    for higher in bits(alive):
        lower = shapes.overlapping(higher) & alive & ~same[_target(desk.originals[higher])]
        lower &= -1 << higher + 1
        checked = lower if shapes.loose >> higher & 1 else lower & shapes.loose
        if shapes.many >> higher & 1:
            checked |= lower & inside[higher]
        checked |= lower & shapes.around(higher) & doubtful
        sure = lower & ~checked & ~shapes.around(higher) & ~inside[higher]
        for place in bits(sure | checked):
            if not checked >> place & 1 or _crosses(desk, higher, place):
                yield higher, place


def _turned(masks: list[int]) -> list[int]:
    """The relation the other way round."""
    turned = [0] * len(masks)
    for place, mask in enumerate(masks):
        for other in bits(mask):
            turned[other] |= 1 << place
    return turned


def _target(rule: Rule) -> Any:
    return rule.ladder, frozenset(rule.skills)


def _crosses(desk: Desk, one: int, other: int) -> bool:
    """Whether both claim some lead, and each one that the other does not. Too costly to decide: yes."""
    try:
        desk.solver.ask()
        return all(desk.possible(wanted) for wanted in _regions(desk, one, other))
    except SpentError:
        return True


def _regions(desk: Desk, one: int, other: int) -> Iterator[list[Clause]]:
    yield [*desk.asks(one), *desk.asks(other)]
    yield [*desk.asks(one), *desk.denies(other)]
    yield [*desk.denies(one), *desk.asks(other)]


def _overlap(desk: Desk, shapes: Shapes, pair: Pair) -> Overlap:
    higher, lower = pair
    rules = desk.originals[higher], desk.originals[lower]
    try:
        desk.solver.ask()
        proven = all(desk.lead(wanted, []) is not None for wanted in _regions(desk, *pair))
        lead = _lead(desk, shapes, pair)
    except SpentError:
        return Overlap(*rules, Certainty.NOT_DECIDED)
    certainty = Certainty.PROVEN if proven else Certainty.CANNOT_TELL
    return Overlap(*rules, certainty, None if lead is None else desk.witness(lead))


def _lead(desk: Desk, shapes: Shapes, pair: Pair) -> dict[str, Any] | None:
    """A lead that the higher rule takes and that the lower one would take without it."""
    higher, lower = pair
    between = shapes.overlapping(higher) & shapes.overlapping(lower) & (1 << lower) - (1 << higher + 1)
    wanted = [*desk.asks(higher), *desk.asks(lower)]
    guesses: list[Clause] = []
    while (lead := desk.lead(wanted, guesses)) is not None:
        winner = desk.winner(lead)
        if winner is None or winner > higher:
            raise DisagreementError(f"Rule {higher} should take {lead}, but {winner} does")
        ahead = [winner] if winner != higher else []
        ahead += [place for place in bits(between) if desk.holds(place, lead)]
        if not ahead:
            return _confirmed(desk, pair, lead)
        wanted += chain.from_iterable(desk.denies(place) for place in ahead)
    return None


def _confirmed(desk: Desk, pair: Pair, lead: dict[str, Any]) -> dict[str, Any]:
    """The lead, walked past all rules from the higher to the lower one."""
    higher, lower = pair
    following = next((place for place in range(higher + 1, lower + 1) if desk.holds(place, lead)), None)
    if following != lower:
        raise DisagreementError(f"Without rule {higher}, {lead} goes to rule {following}, not to {lower}")
    return lead
