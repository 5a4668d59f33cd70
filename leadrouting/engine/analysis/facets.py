"""Facts as variables: what a condition says as a formula, and values back from what a search has left.

A fact compared as a whole is one variable over its classes of values. A set is a switch for blank and one for
each member that is mentioned. A text that is searched has a switch for each pattern besides: free for values
that no rule names, tied to the truth for those that one names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import Any

from leadrouting.engine.analysis.formula import OFF, ON, All, Box, Clause, Formula, Lit, Some, negated
from leadrouting.engine.analysis.samples import Sample
from leadrouting.engine.analysis.solver import Domains
from leadrouting.engine.analysis.texts import text_for
from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Fact
from leadrouting.engine.operators import SEARCHES, Operator
from leadrouting.engine.values import read_text

Links = dict[int, list[Clause]]  # by variable, the clauses that go with its use


class UnbuildableError(Exception):
    """No text was found that hits and misses as wanted; `clause` rules out this combination, though unproven."""

    def __init__(self, clause: Clause) -> None:
        super().__init__(clause)
        self.clause = clause


def lowest(values: int) -> int:
    """The index of the lowest bit."""
    return (values & -values).bit_length() - 1


class Scalar:
    """A fact compared as a whole: one variable."""

    def __init__(self, fact: Fact, samples: list[Sample], full: Domains) -> None:
        self.fact = fact
        self.samples = samples
        self.variable = len(full)
        self.blank = 1 if samples and samples[0].value is None else 0  # the mask of the blank class
        self.territories: dict[str, int] = {}  # by code, the mask of the places within
        self._formulas: dict[tuple[Operator, tuple[Any, ...]], Formula] = {}
        full.append((1 << len(samples)) - 1)

    def variables(self) -> list[int]:
        return [self.variable]

    def links(self) -> Links:
        return {}

    def formula(self, test: Test) -> Formula:
        asked = (test.operator, test.operands)
        if asked not in self._formulas:
            self._formulas[asked] = Lit(self.variable, self.passing(test))
        return self._formulas[asked]

    def passing(self, test: Test) -> int:
        """The classes whose sample passes."""
        return sum(1 << place for place, sample in enumerate(self.samples) if test.passes(sample.value))

    def point(self, raw: Any) -> Box:
        """The class of a lead's value, as `raw` gave it."""
        place = next((place for place, sample in enumerate(self.samples) if sample.raw == raw), None)
        return {self.variable: 1 << (self._default() if place is None else place)}

    def _default(self) -> int:
        raise LookupError(f"{self.fact.key} has a value that stands for no class")

    def said_of(self, place: int) -> list[int]:
        """For a place: what holds for it, by territory, and whether it is blank, as masks; the narrowest first."""
        full = (1 << len(self.samples)) - 1
        sides = ((within, full ^ within) for within in (self.blank, *self.territories.values()))
        return sorted((a if a >> place & 1 else b for a, b in sides), key=int.bit_count)

    def raw(self, domains: Domains) -> Any:
        """The value of a lead within these domains; None for blank. Raises `UnbuildableError`."""
        return self.samples[lowest(domains[self.variable])].raw


class Line(Scalar):
    """Numbers or moments, upwards: where a range begins and ends is found by halving, not by asking each class."""

    def __init__(self, fact: Fact, samples: list[Sample], full: Domains) -> None:
        super().__init__(fact, samples, full)
        self._values = [sample.value for sample in samples if sample.value is not None]

    def passing(self, test: Test) -> int:
        first, end = 0, len(self._values)
        match test.operator:
            case Operator.MORE | Operator.AT_LEAST:
                first = bisect_left(self._values, True, key=test.passes)
            case Operator.LESS | Operator.AT_MOST:
                end = self._end(test)
            case Operator.BETWEEN:
                first = bisect_left(self._values, test.operands[0])
                end = self._end(test, first)
            case _:
                return super().passing(test)
        return ((1 << end) - (1 << first)) << self.blank.bit_length()

    def _end(self, test: Test, first: int = 0) -> int:
        """Where values cease to pass."""
        return bisect_left(self._values, True, lo=first, key=lambda value: not test.passes(value))


class Text(Scalar):
    """A text that rules compare as a whole and also search."""

    def __init__(
        self, fact: Fact, samples: list[Sample], other: str | None, tests: Iterable[Test], full: Domains
    ) -> None:
        super().__init__(fact, samples, full)
        self.other = next((n for n, sample in enumerate(samples) if sample.value == other), None)
        self.searches: dict[int, Test] = {}
        self._switches: dict[tuple[Operator, str], int] = {}
        for test in tests:
            if test.operator in SEARCHES and _name(test) not in self._switches:
                self._switches[_name(test)] = len(full)
                self.searches[len(full)] = test
                full.append(OFF | ON)

    def variables(self) -> list[int]:
        return [self.variable, *self.searches]

    def formula(self, test: Test) -> Formula:
        if test.operator in SEARCHES:
            return Lit(self._switches[_name(test)], ON)
        return super().formula(test)

    def links(self) -> Links:
        free = 0 if self.other is None else 1 << self.other
        full = (1 << len(self.samples)) - 1
        found: Links = {}
        for switch, test in self.searches.items():
            passing = self.passing(test) & ~free
            found[switch] = [
                ((switch, OFF), (self.variable, passing | free)),
                ((switch, ON), (self.variable, full ^ passing)),
            ]
        for one, other in permutations(self.searches, 2):
            if _implies(self.searches[one], self.searches[other]):
                found[one].append(((one, OFF), (other, ON)))
        return found

    def point(self, raw: Any) -> Box:
        value = read_text(raw)
        hits = {switch: ON if test.passes(value) else OFF for switch, test in self.searches.items()}
        return super().point(raw) | hits

    def _default(self) -> int:
        return super()._default() if self.other is None else self.other

    def raw(self, domains: Domains) -> Any:
        wanted = domains[self.variable]
        if lowest(wanted) != self.other:
            return super().raw(domains)
        fixed = {switch: domains[switch] for switch in self.searches if domains[switch] != OFF | ON}
        taken = {sample.value for place, sample in enumerate(self.samples) if place != self.other}
        hits = [self.searches[switch] for switch, value in fixed.items() if value == ON]
        misses = [self.searches[switch] for switch, value in fixed.items() if value == OFF]
        if not hits and not any(test.passes(self.samples[self.other].value) for test in misses):
            return super().raw(domains)
        text = text_for(hits, misses, taken)
        if text is not None:
            return text
        full = (1 << len(self.samples)) - 1
        opposite = ((switch, value ^ (OFF | ON)) for switch, value in fixed.items())
        raise UnbuildableError(((self.variable, full ^ (1 << self.other)), *opposite))


def _name(test: Test) -> tuple[Operator, str]:
    operand = test.operands[0]
    return test.operator, operand.pattern if test.operator is Operator.MATCHES else operand


def _implies(one: Test, other: Test) -> bool:
    """Whether each text that hits the one hits the other, as far as their wording alone shows."""
    if Operator.MATCHES in (one.operator, other.operator):
        return False
    part, wanted = one.operands[0], other.operands[0]
    match other.operator:
        case Operator.CONTAINS:
            return wanted in part
        case Operator.STARTS_WITH:
            return one.operator is Operator.STARTS_WITH and part.startswith(wanted)
        case _:
            return one.operator is Operator.ENDS_WITH and part.endswith(wanted)


class Members:
    """A set: `blank` is ON for a set without members; `members` has a switch for each that is mentioned."""

    def __init__(self, fact: Fact, mentioned: Iterable[str], other: str | None, full: Domains) -> None:
        self.fact = fact
        self.other = other  # a member that no rule mentions, when there can be one
        self.full = full
        self.blank = len(full)
        full.append(OFF if fact.always else OFF | ON)
        self.members: dict[str, int] = {}
        for member in sorted(set(mentioned)):
            self.members[member] = len(full)
            full.append(OFF | ON)

    def variables(self) -> list[int]:
        return [self.blank, *self.members.values()]

    def links(self) -> Links:
        found: Links = {switch: [((switch, OFF), (self.blank, OFF))] for switch in self.members.values()}
        if self.other is None:
            some = (((self.blank, ON), *((switch, ON) for switch in self.members.values())),)
            found = {variable: [*found.get(variable, ()), *some] for variable in self.variables()}
        return found

    def formula(self, test: Test) -> Formula:
        included = tuple(Lit(self.members[member], ON) for member in test.operands)
        match test.operator:
            case Operator.IS_BLANK:
                return Lit(self.blank, ON)
            case Operator.IS_NOT_BLANK:
                return Lit(self.blank, OFF)
            case Operator.INCLUDES_ALL:
                return All(included)
            case Operator.INCLUDES_NONE:
                return negated(Some(included), self.full)
            case _:
                return Some(included)

    def point(self, raw: Any) -> Box:
        members = raw or ()
        included = {switch: ON if member in members else OFF for member, switch in self.members.items()}
        return {self.blank: OFF if members else ON} | included

    def raw(self, domains: Domains) -> Any:
        members = list(self._chosen(domains))
        if not members and domains[self.blank] == OFF:
            members = [self.other or next(m for m, switch in self.members.items() if domains[switch] & ON)]
        return members or None

    def _chosen(self, domains: Domains) -> Iterator[str]:
        return (member for member, switch in self.members.items() if domains[switch] == ON)


Facet = Scalar | Text | Members
