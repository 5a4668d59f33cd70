"""The nearest miss: the smallest change of facts that would have sent a lead elsewhere.

Facts are changed as if they were independent of each other: a country without its territory, for example. Of
changes that are as small, the one counts that makes the rule match of which the lead fulfils most already, then
the rule next to its own.
Whatever is answered has been confirmed by the compiled matcher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from typing import Any

from leadrouting.engine.compile import compile_rules
from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.meanings import MEANINGS
from leadrouting.engine.miss import NearestMiss, missed
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind
from leadrouting.engine.neighbours import Neighbours, distance
from leadrouting.engine.prepared import prepare_rule
from leadrouting.engine.terms import Exact, Literal, expand
from leadrouting.engine.values import reader

DERIVED = frozenset(
    "has_account account_owner_known previous_owner_known account_tier lifetime_value is_repeat email_kind".split()
)
"""Found out, not told: taken only where no fact that people enter does it."""
GIVEN = frozenset("received_at received_hour received_weekday".split())
"""Nobody can change these; they come last."""
MOST_PAIRS = 3_000
MOST_TRIALS = 250
MOST_CHANGES = 4

Changes = tuple[tuple[str, Any], ...]
Match = Callable[[Mapping[str, Any]], Rule | None]


@dataclass(frozen=True, slots=True)
class Goal:
    """One alternative of a rule: by fact the questions that must all be answered with yes."""

    rule: Rule
    leads_to: tuple[Any, ...]
    asks: Mapping[str, tuple[Callable[[Any], bool], ...]]

    def fulfilled(self, values: Mapping[str, Any]) -> int:
        """About how many facts it asks and the lead, as the engine reads it, answers with yes."""
        return sum(all(ask(values[key]) for ask in asks) for key, asks in self.asks.items())


@dataclass(slots=True)
class Trial:
    """One lead that is tried with changes: what the matcher says, and where that leads. `fulfilled` remembers by
    rule how many of its facts are right already."""

    facts: dict[str, Any]
    match: Match
    catch_all: int
    here: tuple[Any, ...] = field(init=False)
    winner: Rule | None = field(init=False)
    fulfilled: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.winner = self.match(self.facts)
        self.here = destination(self.winner, self.catch_all)

    def elsewhere(self, changes: Iterable[tuple[str, Any]]) -> tuple[Rule | None] | None:
        """The rule that would match, in a tuple, when it leads elsewhere; None when nothing changes."""
        rule = self.match(self.facts | dict(changes))
        return None if destination(rule, self.catch_all) == self.here else (rule,)


def destination(rule: Rule | None, catch_all: int) -> tuple[Any, ...]:
    """Where a rule sends: its ladder up to the first queue, and whom it asks for."""
    ladder = rule.ladder if rule else ()
    queues = [place for place, step in enumerate(ladder) if step.kind is StepKind.QUEUE]
    ladder = ladder[: queues[0] + 1] if queues else (*ladder, Step(StepKind.QUEUE, catch_all))
    asked = rule.skills if rule and ladder[0].kind is not StepKind.QUEUE else ()
    return (tuple((step.kind, step.id) if step.kind is StepKind.QUEUE else step for step in ladder), asked)


def nearest_miss(
    ruleset: RuleSet,
    facts: Mapping[str, Any],
    catalogue: Catalogue,
    *,
    places: Mapping[str, Sequence[str]] | None = None,
) -> NearestMiss | None:
    """Of one lead; `ruleset` holds the rules that were valid (`RuleSet.at`). See `Nearby` for many leads."""
    return Nearby(ruleset, catalogue, places=places).of(facts)


class Nearby:
    """A rule set made ready to be asked for nearest misses. `places`: the path of each territory by its code.

    If one changed fact suffices, one is found: exhaustive but for the limits that `Neighbours` names. Two facts
    are tried exhaustively up to MOST_PAIRS combinations; beyond that, and for up to MOST_CHANGES facts, what
    the alternatives of the rules ask for is tried, those with the fewest failing facts first. So None means
    that no change of one fact does it, and that no likely change of more does.
    """

    def __init__(
        self,
        ruleset: RuleSet,
        catalogue: Catalogue,
        *,
        places: Mapping[str, Sequence[str]] | None = None,
        match: Match | None = None,
    ) -> None:
        self._match = match or compile_rules(ruleset, catalogue).match
        self._catch_all = ruleset.catch_all
        self._catalogue = catalogue
        self._place = {rule.id: place for place, rule in enumerate(ruleset.rules)}
        asked: dict[str, list[tuple[Condition, Test]]] = {}
        self._goals: list[Goal] = []
        for rule in ruleset.rules:
            prepared = prepare_rule(rule, catalogue)
            for condition, test in zip(rule.conditions, prepared.tests, strict=True):
                asked.setdefault(test.fact.key, []).append((condition, test))
            leads_to = destination(rule, ruleset.catch_all)
            self._goals += [Goal(rule, leads_to, _asks(term)) for term in expand(prepared).terms]
        keys = sorted(asked, key=lambda key: (rank(key), list(catalogue).index(key)))
        self._near = {key: Neighbours(catalogue[key], asked[key], places or {}) for key in keys}
        self._order = {key: place for place, key in enumerate(keys)}
        self._read = {key: reader(catalogue[key].type) for key in keys}

    def of(self, facts: Mapping[str, Any]) -> NearestMiss | None:
        """The nearest miss of one lead, always the same for the same facts."""
        trial = Trial(dict(facts), self._match, self._catch_all)
        near = {key: one.near(facts.get(key)) for key, one in self._near.items()}
        found = self._best(trial, (((key, value),) for key in near for value in near[key]))
        if found is None:
            found = self._best(trial, self._pairs(trial, near))
        for size in range(3, MOST_CHANGES + 1):
            found = found or self._best(trial, self._towards(trial, near, size))
        if found is None:
            return None
        changes, rule = found
        told = [(self._catalogue[key], facts.get(key), value) for key, value in changes]
        return missed(told, rule)

    def _best(self, trial: Trial, tries: Iterable[Changes]) -> tuple[Changes, Rule | None] | None:
        best: tuple[Any, ...] | None = None
        answer: tuple[Changes, Rule | None] | None = None
        for number, changes in enumerate(tries):
            if (then := trial.elsewhere(changes)) is None:
                continue
            (rule,) = then
            cost = (*self._cost(trial, changes), rule is None, *self._apart(trial, rule), number)
            if best is None or cost < best:
                best, answer = cost, (changes, rule)
        return answer

    def _cost(self, trial: Trial, changes: Changes) -> tuple[int, int]:
        far = (distance(trial.facts.get(key), value, self._catalogue[key]) for key, value in changes)
        return max(rank(key) for key, _ in changes), sum(far)

    def _apart(self, trial: Trial, rule: Rule | None) -> tuple[int, int]:
        """How little of the rule the lead fulfils as it is, and how many rules lie between this one and its own."""
        if rule is None:
            return 0, 0
        if rule.id not in trial.fulfilled:
            values = {key: read(trial.facts.get(key)) for key, read in self._read.items()}
            ways = (goal.fulfilled(values) for goal in self._goals if goal.rule.id == rule.id)
            trial.fulfilled[rule.id] = max(ways, default=0)
        own = self._place[trial.winner.id] if trial.winner else len(self._place)
        return -trial.fulfilled[rule.id], abs(self._place[rule.id] - own)

    def _pairs(self, trial: Trial, near: Mapping[str, list[Any]]) -> Iterable[Changes]:
        pairs = [(one, other) for one, other in combinations(near, 2)]
        if sum(len(near[one]) * len(near[other]) for one, other in pairs) > MOST_PAIRS:
            return self._towards(trial, near, 2)
        return (
            ((one, value), (other, second))
            for one, other in pairs
            for value in near[one]
            for second in near[other]
        )

    def _towards(self, trial: Trial, near: Mapping[str, list[Any]], size: int) -> Iterator[Changes]:
        """Changes of so many facts with which an alternative of a rule would hold, and the winner perhaps not."""
        return islice(self._aimed(trial, near, size), MOST_TRIALS)

    def _aimed(self, trial: Trial, near: Mapping[str, list[Any]], size: int) -> Iterator[Changes]:
        values = {key: read(trial.facts.get(key)) for key, read in self._read.items()}
        near_by = {key: [(raw, self._read[key](raw)) for raw in near[key]] for key in near}
        won = trial.winner
        leaving = {key for goal in self._goals if won and goal.rule.id == won.id for key in goal.asks}
        for goal in self._goals:
            if goal.leads_to == trial.here:
                continue
            failing = [k for k, asks in goal.asks.items() if not all(ask(values[k]) for ask in asks)]
            if not size - 1 <= len(failing) <= size:
                continue
            below = won is not None and self._place[goal.rule.id] > self._place[won.id]
            if len(failing) == size:
                yield from _chosen({key: self._fitting(goal, key, near_by[key]) for key in failing})
            elif below:
                for extra in sorted(leaving - set(failing), key=self._order.__getitem__):
                    yield from _chosen(
                        {key: self._fitting(goal, key, near_by[key]) for key in (*failing, extra)}
                    )

    def _fitting(self, goal: Goal, key: str, near: Iterable[tuple[Any, Any]]) -> list[Any]:
        """The first values that answer all that the goal asks of this fact."""
        asks = goal.asks.get(key, ())
        return list(islice((raw for raw, value in near if all(ask(value) for ask in asks)), 2))


def rank(key: str) -> int:
    return 2 if key in GIVEN else 1 if key in DERIVED else 0


def _chosen(fitting: Mapping[str, list[Any]]) -> Iterator[Changes]:
    for values in product(*fitting.values()):
        yield tuple(zip(fitting, values, strict=True))


def _asks(term: Iterable[Literal]) -> dict[str, tuple[Callable[[Any], bool], ...]]:
    asks: dict[str, tuple[Callable[[Any], bool], ...]] = {}
    for literal in term:
        asks[literal.fact.key] = (*asks.get(literal.fact.key, ()), _question(literal))
    return asks


def _question(literal: Literal) -> Callable[[Any], bool]:
    if isinstance(literal, Exact):
        return literal.passes
    parts = [MEANINGS[operator](operand) for operator, operand in literal.patterns]
    default, blank = literal.default, literal.blank
    return lambda value: blank if value is None else default is not any(part(value) for part in parts)
