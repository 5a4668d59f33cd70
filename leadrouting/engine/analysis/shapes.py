"""The rules of a desk as boxes: who meets whom, and who may be contained in whom, without searching."""

from __future__ import annotations

from leadrouting.engine.analysis.desk import Desk
from leadrouting.engine.analysis.formula import Box, boxes
from leadrouting.engine.analysis.grid import Grid, hull
from leadrouting.engine.analysis.solver import Solver

PLENTY = 1 << 62  # closing a box always ends, so it needs no budget
NOWHERE: Box = {-1: 1}  # a rule that contradicts itself


class Shapes:
    """Answers are masks with a bit per rule, by its place.

    `loose` rules have too many alternatives, or are about a closed set, where boxes do not tell everything:
    what is said of them is too much rather than too little, and has to be checked. So has containment in a
    rule of `many` alternatives.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._solver = Solver(desk.space.full, PLENTY)
        self._closed_sets = {
            variable
            for variable, clauses in desk.space.links.items()
            if any(len(clause) > 2 for clause in clauses)
        }
        self.loose = self.many = 0
        self._boxes: list[list[Box]] = [self._of(place) for place in range(len(desk.rules))]
        self._empty = sum(1 << place for place, found in enumerate(self._boxes) if not found)
        more = [(box, place) for place, found in enumerate(self._boxes) for box in found[1:]]
        self._grid = Grid(
            [*(found[0] if found else NOWHERE for found in self._boxes), *(box for box, _ in more)]
        )
        self._all = (1 << len(desk.rules)) - 1
        self._more: dict[int, int] = {}  # by rule, the bits of its boxes after the first
        for number, (_, place) in enumerate(more, start=len(desk.rules)):
            self._more[1 << place] = self._more.get(1 << place, 0) | 1 << number
        hulls = [hull(found, desk.space.full) if found else NOWHERE for found in self._boxes]
        self._hulls = Grid(hulls)
        self._inside = [self._hulls.containing(box) for box in hulls]

    def _of(self, place: int) -> list[Box]:
        """The rule's alternatives, each narrowed by what follows from it; none when it contradicts itself."""
        found = boxes(self._desk.space.formula(self._desk.rules[place]), self._desk.space.full)
        if found is None:
            self.loose |= 1 << place
            rest = list(self._desk.space.full)
            self._solver.propagate(rest, self._desk.asks(place))
            found = [self._changed(rest)]
        closed = [box for box in map(self.close, found) if box is not None]
        if any(variable in self._closed_sets for box in closed for variable in box):
            self.loose |= 1 << place
        if len(closed) > 1:
            self.many |= 1 << place
        return closed

    def close(self, box: Box) -> Box | None:
        """The box with all that its links say; None when they rule it out."""
        domains, full = list(self._desk.space.full), self._desk.space.full
        for variable, values in box.items():
            domains[variable] &= values
        space = self._desk.space
        if self._solver.propagate(domains, space.closely_linked(box)) is None:
            return None
        facets = {space.owner[variable]: None for variable in box}
        about = (variable for key in facets for variable in space.facets[key].variables())
        return {variable: domains[variable] for variable in about if domains[variable] != full[variable]}

    def _changed(self, domains: list[int]) -> Box:
        real = len(self._desk.space.owner)
        full = self._desk.space.full
        return {var: values for var, values in enumerate(domains[:real]) if values != full[var]}

    def meeting(self, box: Box) -> int:
        """The rules that meet this box."""
        return self._rules(self._grid.meeting(box))

    def overlapping(self, place: int) -> int:
        """The rules that claim a lead together with this one."""
        met = 0
        for box in self._boxes[place]:
            met |= self._grid.meeting(box)
        return self._rules(met)

    def around(self, place: int) -> int:
        """The rules, this one among them, that may ask for all that this one does."""
        return self._inside[place] if not self.loose >> place & 1 else self._all

    def _rules(self, met: int) -> int:
        found = met & self._all
        for rule, group in self._more.items():
            if met & group:
                found |= rule
        return found & ~self._empty
