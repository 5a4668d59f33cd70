"""A box as conditions: for each fact, what the box leaves of it, said with the operators that ops know."""

from __future__ import annotations

from collections.abc import Iterator

from leadrouting.engine.analysis.facets import Facet, Members, Scalar, Text
from leadrouting.engine.analysis.formula import OFF, ON, Box
from leadrouting.engine.analysis.grid import bits
from leadrouting.engine.facts import FactType
from leadrouting.engine.model import Condition
from leadrouting.engine.operators import Operator

_O = Operator
Said = tuple[Condition, bool]  # the condition, and whether it must not hold
Conjunct = tuple[Said, ...]  # at least one of these


def spell(facet: Facet, box: Box) -> Iterator[Conjunct]:
    """What the box says of one fact; nothing where it leaves it free."""
    if isinstance(facet, Members):
        yield from _members(facet, box)
        return
    if facet.variable in box:
        values = box[facet.variable]
        if values == facet.blank:
            yield _one(facet, _O.IS_BLANK)
        elif facet.fact.type is FactType.PLACE:
            yield from _place(facet, values)
        elif facet.fact.type in (FactType.NUMBER, FactType.MOMENT):
            yield from _line(facet, values)
        elif facet.fact.type is FactType.YES_NO:
            yield _yes_no(facet, values)
        else:
            yield from _text(facet, values)
    if isinstance(facet, Text):
        for switch, test in facet.searches.items():
            if switch in box:
                operand = test.operands[0]
                asked = operand.pattern if test.operator is Operator.MATCHES else operand
                yield ((Condition(facet.fact.key, test.operator, asked), box[switch] == OFF),)


def _one(facet: Facet, operator: Operator, operand: object = None, *, negated: bool = False) -> Conjunct:
    return ((Condition(facet.fact.key, operator, operand), negated),)


def _members(facet: Members, box: Box) -> Iterator[Conjunct]:
    included = [member for member, switch in facet.members.items() if box.get(switch) == ON]
    missing = [member for member, switch in facet.members.items() if box.get(switch) == OFF]
    if facet.blank in box and not included:
        blank = box[facet.blank] == ON
        yield _one(facet, _O.IS_BLANK if blank else _O.IS_NOT_BLANK)
        if blank:
            return
    if included:
        yield _one(facet, _O.INCLUDES_ALL, tuple(included))
    if missing:
        yield _one(facet, _O.INCLUDES_NONE, tuple(missing))


def _text(facet: Scalar, values: int) -> Iterator[Conjunct]:
    named = {place: sample.raw for place, sample in enumerate(facet.samples) if sample.named}
    rest = sum(1 << place for place in range(len(facet.samples)) if place not in named) & ~facet.blank
    inside = [raw for place, raw in named.items() if values >> place & 1]
    outside = [raw for place, raw in named.items() if not values >> place & 1]
    if values & rest:
        if outside:
            yield _listed(facet, outside, _O.IS_NOT, _O.IS_NONE_OF)
        if facet.blank & ~values:
            yield _one(facet, _O.IS_NOT_BLANK)
        return
    said = _listed(facet, inside, Operator.IS, _O.IS_ANY_OF)
    yield (*said, *_one(facet, _O.IS_BLANK)) if values & facet.blank else said


def _listed(facet: Scalar, raws: list[object], single: Operator, several: Operator) -> Conjunct:
    return _one(facet, single, raws[0]) if len(raws) == 1 else _one(facet, several, tuple(raws))


def _yes_no(facet: Scalar, values: int) -> Conjunct:
    inside = [facet.samples[place].value for place in bits(values & ~facet.blank)]
    if len(inside) == 2:
        return _one(facet, _O.IS_NOT_BLANK)
    if values & facet.blank:
        return _one(facet, _O.IS_NOT, not inside[0])
    return _one(facet, Operator.IS, inside[0])


def _line(facet: Scalar, values: int) -> Iterator[Conjunct]:
    """One range. With blank, it is said by what must not be: a blank is neither below nor above."""
    real = values & ~facet.blank
    first, last = next(bits(real)), real.bit_length() - 1
    start, end = facet.samples[first], facet.samples[last]
    blank = bool(values & facet.blank)
    limits: list[
        tuple[Operator, Operator, object]
    ] = []  # said without blank; must not be, with blank; the end
    if first > facet.blank:
        low = start.raw if start.ends is None else start.ends[0]
        closed = start.ends is None
        limits.append((_O.AT_LEAST, _O.LESS, low) if closed else (_O.MORE, _O.AT_MOST, low))
    if last < len(facet.samples) - 1:
        high = end.raw if end.ends is None else end.ends[1]
        closed = end.ends is None
        limits.append((_O.AT_MOST, _O.MORE, high) if closed else (_O.LESS, _O.AT_LEAST, high))
    for inside, beyond, limit in limits:
        yield _one(facet, beyond if blank else inside, limit, negated=blank)
    if not limits and facet.blank:
        yield _one(facet, _O.IS_NOT_BLANK)


def _place(facet: Scalar, values: int) -> Iterator[Conjunct]:
    """The territories that every place in the box is within, and those that none is, if these say it all."""
    left = (1 << len(facet.samples)) - 1
    narrow = sorted(facet.territories.items(), key=lambda item: item[1].bit_count())
    for code, within in narrow:
        if not values & ~within and left & ~within:
            left &= within
            yield _one(facet, _O.WITHIN, code)
    for code, within in reversed(narrow):
        if not values & within and left & within:
            left &= ~within
            yield _one(facet, _O.WITHIN, code, negated=True)
    if left & facet.blank & ~values:
        yield _one(facet, _O.IS_NOT_BLANK)
