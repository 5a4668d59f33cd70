"""Rules that never fire, and for each other rule a lead that it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from leadrouting.engine.analysis.desk import Desk, Found
from leadrouting.engine.analysis.findings import Cause, Certainty, NeverFires, Witness
from leadrouting.engine.analysis.formula import Clause, clauses
from leadrouting.engine.analysis.grid import bits
from leadrouting.engine.analysis.shapes import Shapes
from leadrouting.engine.analysis.solver import SpentError
from leadrouting.engine.logic import And, numbers
from leadrouting.engine.model import Rule
from leadrouting.engine.prepared import PreparedRule

EXPLAINING = 60  # the part of the budget that goes into saying why briefly, when it is proven already


def fires(desk: Desk, shapes: Shapes, place: int) -> Witness | NeverFires:
    """A lead that the rule takes, or why there is none."""
    rule = desk.originals[place]
    try:
        desk.solver.ask()
        found = desk.find(desk.asks(place), goal=place)
        if found.facts is not None:
            return desk.witness(found.facts)
        above = list(found.taken)
        if found.guesses:
            above = list(range(place))
            if _possible(desk, place, above):
                return NeverFires(rule, Certainty.CANNOT_TELL, Cause.UNKNOWN)
        return _never(desk, shapes, place, above, found)
    except SpentError:
        return NeverFires(rule, Certainty.NOT_DECIDED, Cause.UNKNOWN)


def _possible(desk: Desk, place: int, above: list[int]) -> bool:
    return desk.possible([*desk.asks(place), *chain.from_iterable(map(desk.denies, above))])


def _never(desk: Desk, shapes: Shapes, place: int, above: list[int], found: Found) -> NeverFires:
    rule = desk.originals[place]
    if not found.taken and (not found.guesses or not _possible(desk, place, [])):
        numbers = tuple(_contradiction(desk, place))
        return NeverFires(rule, Certainty.PROVEN, Cause.CONTRADICTION, numbers)
    desk.solver.ask(EXPLAINING)
    single = _single(desk, shapes, place)
    if single is not None:
        one, lead = single
        return _shadowed(desk, rule, Cause.ONE_ABOVE, [one], lead)
    core = _needed(above, lambda kept: not _possible(desk, place, kept))
    shown = [found.taken[one] for one in core if one in found.taken] or list(found.taken.values())
    cause = Cause.SEVERAL_ABOVE if len(core) > 1 else Cause.ONE_ABOVE
    return _shadowed(desk, rule, cause, core, shown[0] if shown else None)


def _single(desk: Desk, shapes: Shapes, place: int) -> tuple[int, dict[str, Any]] | None:
    """One rule that by itself asks for all that this one does, with a lead that goes there."""
    with suppress(SpentError):
        for one in bits(shapes.around(place) & (1 << place) - 1):
            if not _possible(desk, place, [one]):
                lead = desk.find(desk.asks(place), goal=one).facts
                if lead is not None:
                    return one, lead
    return None


def _shadowed(
    desk: Desk, rule: Rule, cause: Cause, core: list[int], lead: dict[str, Any] | None
) -> NeverFires:
    above = tuple(desk.originals[one] for one in core)
    witness = None if lead is None else desk.witness(lead)
    return NeverFires(rule, Certainty.PROVEN, cause, above=above, witness=witness)


def _needed(all_: list[int], enough: Callable[[list[int]], bool]) -> list[int]:
    """A part of `all_` that is enough still, while none of it can be left out, as far as the budget goes.

    The last ones go first.
    """
    kept = sorted(all_)
    with suppress(SpentError):
        for one in sorted(all_, reverse=True):
            without = [other for other in kept if other != one]
            if enough(without):
                kept = without
    return kept


def _contradiction(desk: Desk, place: int) -> Iterator[int]:
    """The numbers of conditions in a part of the rule that is contradictory by itself; its validity has none."""
    prepared = desk.rules[place]
    top = prepared.logic.terms if isinstance(prepared.logic, And) else (prepared.logic,)

    def impossible(kept: list[int]) -> bool:
        return not desk.possible(_part(desk, prepared, kept))

    parts = _needed(list(range(len(top))), impossible)
    asked = sorted({number for part in parts for number in numbers(top[part])})
    return (number for number in asked if number <= len(desk.originals[place].conditions))


def _part(desk: Desk, prepared: PreparedRule, kept: list[int]) -> list[Clause]:
    top = prepared.logic.terms if isinstance(prepared.logic, And) else (prepared.logic,)
    part = PreparedRule(prepared.rule, prepared.tests, And(tuple(top[one] for one in kept)))
    return clauses(desk.space.formula(part), desk.space.full)
