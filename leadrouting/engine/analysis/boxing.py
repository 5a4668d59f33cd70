"""From one lead that no rule takes to a box of them: widened fact by fact while no rule meets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from leadrouting.engine.analysis.desk import Desk
from leadrouting.engine.analysis.facets import Facet, Members, Scalar, Text, lowest
from leadrouting.engine.analysis.formula import Box, Clause
from leadrouting.engine.analysis.grid import bits
from leadrouting.engine.analysis.moments import DECIDED_AT
from leadrouting.engine.analysis.shapes import Shapes
from leadrouting.engine.analysis.spelling import Conjunct, spell
from leadrouting.engine.facts import FactType
from leadrouting.engine.model import Rule

NAME = "Not covered"


class Boxing:
    """Facts that few rules ask about are set free first, so that the box speaks of those that matter."""

    def __init__(self, desk: Desk, shapes: Shapes, facts: Mapping[str, Any]) -> None:
        self._desk = desk
        self._shapes = shapes
        self._box: Box = {}
        facets = desk.space.facets
        for key, facet in facets.items():
            self._box |= facet.point(facts.get(key))
        self._closed = dict(self._box)  # the same with all that follows from it
        asked = Counter(key for rule in desk.rules for key in {test.fact.key for test in rule.tests})
        for facet in sorted(facets.values(), key=lambda facet: asked[facet.fact.key]):
            self._widen(facet)

    def _try(self, facet: Facet, change: Box) -> bool:
        """Widen the box where `change` says, a mask of all values meaning free, unless a rule meets it then."""
        full, about = self._desk.space.full, facet.variables()
        part = {variable: self._box[variable] for variable in about if variable in self._box} | change
        part = {variable: values for variable, values in part.items() if values != full[variable]}
        closed = self._without(self._closed, about) | (self._shapes.close(part) or {})
        meeting = self._shapes.meeting(closed)
        if meeting & ~self._shapes.loose or any(self._desk.meets(rule, closed) for rule in bits(meeting)):
            return False
        self._box = self._without(self._box, about) | part
        self._closed = closed
        return True

    @staticmethod
    def _without(box: Box, variables: list[int]) -> Box:
        return {variable: values for variable, values in box.items() if variable not in variables}

    def _free(self, variable: int) -> Box:
        return {variable: self._desk.space.full[variable]}

    def _widen(self, facet: Facet) -> None:
        everything: Box = {}
        for variable in facet.variables():
            everything |= self._free(variable)
        if self._try(facet, everything):
            return
        if isinstance(facet, Members):
            for variable in facet.variables():
                self._try(facet, self._free(variable))
            return
        if facet.fact.type is FactType.PLACE:
            self._widen_place(facet)
        elif facet.fact.type in (FactType.NUMBER, FactType.MOMENT):
            self._widen_line(facet)
        else:
            for place in range(len(facet.samples)):
                self._add(facet, place)
        if isinstance(facet, Text):
            for switch in facet.searches:
                self._try(facet, self._free(switch))

    def _add(self, facet: Scalar, place: int) -> bool:
        values = self._box.get(facet.variable, -1)
        return bool(values >> place & 1) or self._try(facet, {facet.variable: values | 1 << place})

    def _widen_line(self, facet: Scalar) -> None:
        """Down, up, and then to blank; from blank, up from the lowest or down from the highest. One range remains."""
        first, end = (1 if facet.blank else 0), len(facet.samples)
        start = lowest(self._box[facet.variable])
        if start < first:
            self._run(facet, range(first, end)) or self._run(facet, range(end - 1, first - 1, -1))
            return
        self._run(facet, range(start - 1, first - 1, -1))
        self._run(facet, range(start + 1, end))
        if facet.blank:
            self._add(facet, 0)

    def _run(self, facet: Scalar, places: range) -> bool:
        """Add classes until one cannot be added; whether there was any."""
        return sum(1 for _ in takewhile(lambda place: self._add(facet, place), places)) > 0

    def _widen_place(self, facet: Scalar) -> None:
        """What is said of each territory, and that there is one, is left out where that does no harm."""
        kept = facet.said_of(lowest(self._box[facet.variable]))
        for one in list(kept):
            values = self._desk.space.full[facet.variable]
            for other in kept:
                values &= -1 if other == one else other
            if self._try(facet, {facet.variable: values}):
                kept.remove(one)

    def outside(self) -> Clause:
        """That a lead is not in the box."""
        full = self._desk.space.full
        return tuple((variable, full[variable] ^ values) for variable, values in self._box.items())

    def rule(self) -> Rule:
        """The box as a rule that would take exactly these leads."""
        facets = self._desk.space.facets
        conjuncts: list[Conjunct] = []
        for key, facet in facets.items():
            if key != DECIDED_AT:
                conjuncts += spell(facet, self._box)
        conditions, parts = [], []
        for conjunct in conjuncts:
            alternatives = []
            for condition, negated in conjunct:
                conditions.append(condition)
                alternatives.append(f"NOT {len(conditions)}" if negated else str(len(conditions)))
            parts.append(f"({' OR '.join(alternatives)})" if len(alternatives) > 1 else alternatives[0])
        plain = all(part.isdigit() for part in parts)
        logic = "" if plain else " AND ".join(parts)
        start, end = self._times()
        return Rule(0, NAME, tuple(conditions), logic, valid_from=start, valid_until=end)

    def _times(self) -> tuple[Any, Any]:
        facet = self._desk.space.facets.get(DECIDED_AT)
        if not isinstance(facet, Scalar) or facet.variable not in self._box:
            return None, None
        values = self._box[facet.variable]
        first, after = lowest(values), values.bit_length()
        start = facet.samples[first].value if first else None
        return start, facet.samples[after].value if after < len(facet.samples) else None
