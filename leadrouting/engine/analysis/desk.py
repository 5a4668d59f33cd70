"""A rule set on the desk: its sound rules as clauses, and the matcher to confirm what a search comes up with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from leadrouting.engine.analysis.facets import UnbuildableError
from leadrouting.engine.analysis.findings import Witness, World
from leadrouting.engine.analysis.formula import Box, Clause, clauses, negated
from leadrouting.engine.analysis.moments import DECIDED_AT, timeless, with_time
from leadrouting.engine.analysis.solver import Solver
from leadrouting.engine.analysis.space import Space
from leadrouting.engine.compile import compile_rules
from leadrouting.engine.logic import evaluate
from leadrouting.engine.model import Rule, RuleSet
from leadrouting.engine.prepared import PreparedRule, RuleError, prepare_rule, seen
from leadrouting.engine.values import read_moment

MAX_GUESSES = 12  # combinations of patterns for which no text was found, until a question is given up
PATIENCE = 100  # rules ruled out one by one


class DisagreementError(AssertionError):
    """The matcher contradicts the analysis: a fault in one of them."""


@dataclass(slots=True)
class Found:
    """The answer to one question. `facts` is None when nothing satisfies it; `taken` are the rules that took
    leads on the way. `guesses`: combinations ruled out only because no text was found for them.
    """

    facts: dict[str, Any] | None
    taken: dict[int, dict[str, Any]]
    guesses: list[Clause] = field(default_factory=list)


class Desk:
    """Rules are named by their place in the order, from 0; wrong ones are left out."""

    def __init__(self, ruleset: RuleSet, world: World, budget: int) -> None:
        self.world = world
        self.wrong: list[RuleError] = []
        self.originals = tuple(rule for rule in ruleset.rules if self._is_sound(rule))
        self.timed = any(rule.valid_from or rule.valid_until for rule in self.originals)
        catalogue = with_time(world.catalogue)
        plain = tuple(timeless(rule, place) for place, rule in enumerate(self.originals))
        self.rules: tuple[PreparedRule, ...] = tuple(prepare_rule(rule, catalogue) for rule in plain)
        self.space = Space(self.rules, replace(world, catalogue=catalogue))
        self._match = compile_rules(replace(ruleset, rules=plain), catalogue).match
        self.solver = Solver(self.space.full, budget)
        self._asks: dict[int, list[Clause]] = {}
        self._denies: dict[int, list[Clause]] = {}

    def _is_sound(self, rule: Rule) -> bool:
        try:
            prepare_rule(rule, self.world.catalogue)
            if rule.valid_from or rule.valid_until:
                prepare_rule(timeless(rule, rule.id), with_time(self.world.catalogue))
        except RuleError as error:
            self.wrong.append(error)
            return False
        return True

    def asks(self, place: int) -> list[Clause]:
        """What a rule asks for."""
        if place not in self._asks:
            self._asks[place] = self._clauses(place, positive=True)
        return self._asks[place]

    def denies(self, place: int) -> list[Clause]:
        """That a rule does not hold."""
        if place not in self._denies:
            self._denies[place] = self._clauses(place, positive=False)
        return self._denies[place]

    def _clauses(self, place: int, *, positive: bool) -> list[Clause]:
        formula = self.space.formula(self.rules[place])
        return clauses(formula if positive else negated(formula, self.space.full), self.space.full)

    def possible(self, wanted: Iterable[Clause]) -> bool:
        """Whether some values satisfy the clauses, with patterns free."""
        asked = list(wanted)
        return self.solver.solve([*asked, *self.space.linked(asked)]) is not None

    def meets(self, place: int, box: Box) -> bool:
        """Whether a rule asks for something within a box that is not empty."""
        domains = list(self.space.full)
        for variable, values in box.items():
            domains[variable] &= values
        asked = self.asks(place)
        links = self.space.closely_linked(variable for clause in asked for variable, _ in clause)
        return self.solver.solve([*asked, *links], domains) is not None

    def winner(self, facts: Mapping[str, Any]) -> int | None:
        """The place of the rule that takes these facts, as the matcher says."""
        rule = self._match(facts)
        return None if rule is None else rule.id

    def holds(self, place: int, facts: Mapping[str, Any]) -> bool:
        """Whether a rule's own conditions hold, wherever it stands."""
        prepared = self.rules[place]
        tests = prepared.tests
        return evaluate(prepared.logic, lambda n: tests[n - 1].passes(seen(tests[n - 1], facts)))

    def lead(self, wanted: Sequence[Clause], guesses: list[Clause]) -> dict[str, Any] | None:
        """A lead that satisfies the clauses; None when there is none but for the guesses, which may grow."""
        while True:
            asked = [*wanted, *guesses]
            domains = self.solver.solve([*asked, *self.space.linked(asked)])
            if domains is None or len(guesses) > MAX_GUESSES:
                return None
            try:
                return self.space.facts(domains)
            except UnbuildableError as error:
                guesses.append(error.clause)

    def find(self, wanted: Sequence[Clause], goal: int | None) -> Found:
        """A lead that satisfies the clauses and that rule `goal` takes (None: the catch-all).

        1. Make up a lead. 2. Ask the matcher who takes it. 3. Another rule above: rule that one out, and on.
        Only rules that matter are ever looked at. (Counterexample-guided refinement: Clarke et al., 2000.)
        """
        asked = list(wanted)
        taken: dict[int, dict[str, Any]] = {}
        guesses: list[Clause] = []
        while (facts := self.lead(asked, guesses)) is not None:
            winner = self.winner(facts)
            if winner == goal:
                return Found(facts, taken, guesses)
            if winner is None or winner in taken or (goal is not None and winner > goal):
                raise DisagreementError(f"Rule {goal} should take {facts}, but {winner} does")
            taken[winner] = facts
            asked += self.denies(winner)
            if goal is None and len(taken) == PATIENCE:
                asked += [clause for place in range(len(self.rules)) for clause in self.denies(place)]
        return Found(None, taken, guesses)

    def witness(self, facts: Mapping[str, Any]) -> Witness:
        """The lead as it is shown: with the rule as it was handed in, the time of the decision apart."""
        winner = self.winner(facts)
        at = read_moment(facts.get(DECIDED_AT))
        shown = {key: raw for key, raw in facts.items() if key != DECIDED_AT}
        return Witness(shown, None if winner is None else self.originals[winner], self._at(at))

    def _at(self, at: datetime | None) -> datetime | None:
        return at if self.timed else None
