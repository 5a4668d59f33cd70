"""All facts that a rule set asks about, as variables; formulas of rules, and leads back from domains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from leadrouting.engine.analysis import samples
from leadrouting.engine.analysis.facets import Facet, Line, Members, Scalar, Text
from leadrouting.engine.analysis.findings import World
from leadrouting.engine.analysis.formula import All, Clause, Formula, Some, negated
from leadrouting.engine.analysis.moments import DECIDED_AT
from leadrouting.engine.analysis.solver import Domains
from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Fact, FactType
from leadrouting.engine.logic import And, Node, Not, Or, Ref
from leadrouting.engine.model import Condition
from leadrouting.engine.operators import SEARCHES, Operator
from leadrouting.engine.prepared import PreparedRule
from leadrouting.engine.values import fold


class Space:
    """`full[variable]` is the mask of a variable's values; the facets say which variables a fact has."""

    def __init__(self, rules: Iterable[PreparedRule], world: World) -> None:
        tests: dict[str, list[Test]] = defaultdict(list)
        spellings: dict[str, str] = {}
        for prepared in rules:
            for test, condition in zip(prepared.tests, prepared.rule.conditions, strict=True):
                tests[test.fact.key].append(test)
                spellings |= _spellings(condition)
        self.full: Domains = []
        self.facets: dict[str, Facet] = {}
        self.owner: dict[int, str] = {}
        self.links: dict[int, list[Clause]] = {}
        self.all_links: dict[str, list[Clause]] = {}  # by fact
        for key, asked in tests.items():
            facet = _facet(asked[0].fact, asked, world, spellings, self.full)
            self.facets[key] = facet
            self.owner |= dict.fromkeys(facet.variables(), key)
            links = facet.links()
            self.links |= links
            self.all_links[key] = [link for clauses in links.values() for link in clauses]

    def formula(self, prepared: PreparedRule) -> Formula:
        """What a rule asks for."""
        return self._formula(prepared.logic, prepared.tests)

    def _formula(self, node: Node, tests: tuple[Test, ...]) -> Formula:
        match node:
            case Ref(number):
                test = tests[number - 1]
                return self.facets[test.fact.key].formula(test)
            case Not(term):
                return negated(self._formula(term, tests), self.full)
            case And(terms):
                return All(tuple(self._formula(term, tests) for term in terms))
            case Or(terms):
                return Some(tuple(self._formula(term, tests) for term in terms))

    def linked(self, clauses: Iterable[Clause]) -> list[Clause]:
        """The clauses that hold anyway about the variables of these ones."""
        variables = dict.fromkeys(variable for clause in clauses for variable, _ in clause)
        return [link for variable in variables for link in self.links.get(variable, ())]

    def closely_linked(self, variables: Iterable[int]) -> list[Clause]:
        """The clauses that hold anyway about all facts of these variables; switches have none."""
        keys = dict.fromkeys(self.owner[variable] for variable in variables if variable in self.owner)
        return [link for key in keys for link in self.all_links[key]]

    def facts(self, domains: Domains) -> dict[str, Any]:
        """A lead within these domains, without its blanks. Raises `UnbuildableError`."""
        known = {key: facet.raw(domains) for key, facet in self.facets.items()}
        return {key: raw for key, raw in known.items() if raw is not None}


def _spellings(condition: Condition) -> dict[str, str]:
    """How rules write the texts that they compare with."""
    operand = condition.operand
    several = operand if isinstance(operand, (tuple, list)) else (operand,)
    return {fold(raw): raw.strip() for raw in several if isinstance(raw, str)}


def _facet(fact: Fact, tests: list[Test], world: World, spellings: Mapping[str, str], full: Domains) -> Facet:
    values = [value for test in tests if test.operator not in SEARCHES for value in test.operands]
    match fact.type:
        case FactType.SET:
            choices = {fold(value): value for value, _ in fact.choices}
            free = [value for value in choices if value not in values]
            other = None if choices and not free else free[0] if free else f"another of {fact.label}"
            return Members(fact, values, other, full)
        case FactType.YES_NO:
            return Scalar(fact, samples.yes_no(fact), full)
        case FactType.PLACE:
            scalar = Scalar(fact, samples.places(fact, values, world.places), full)
            for test in tests:
                if test.operator is Operator.WITHIN:
                    scalar.territories[spellings[test.operands[0]]] = scalar.passing(test)
            return scalar
        case FactType.NUMBER:
            return Line(fact, samples.line(fact, values), full)
        case FactType.MOMENT:
            since = world.since if fact.key == DECIDED_AT else None
            return Line(fact, samples.line(fact, values, since), full)
        case _:
            found = samples.texts(fact, values, spellings)
            if fact.type is FactType.CHOICE:
                return Scalar(fact, found, full)
            other = next(
                (sample.value for sample in found if sample.value is not None and not sample.named), None
            )
            return Text(fact, found, other, tests, full)
