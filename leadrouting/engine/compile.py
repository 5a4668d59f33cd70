"""A rule set compiled for matching: the bit vector scheme of packet classification, asked lazily.

Source: T. V. Lakshman and D. Stiliadis, "High-speed policy-based packet forwarding using efficient
multi-dimensional range matching", SIGCOMM 1998. One bit per alternative of a rule (see `terms`), in order of
precedence; for each fact a column from value to the mask of the bits that it satisfies; the candidates are
the AND of one mask per column, and the lowest bit wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from leadrouting.engine.columns import ExactColumn, MemberColumn, MomentColumn, NumberColumn
from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Catalogue, FactType
from leadrouting.engine.logic import Node, evaluate
from leadrouting.engine.model import Rule, RuleSet
from leadrouting.engine.prepared import prepare_rule, seen
from leadrouting.engine.search import SearchColumn
from leadrouting.engine.terms import Exact, Hit, Literal, Term, expand
from leadrouting.engine.values import reader

Column = ExactColumn | NumberColumn | MemberColumn | SearchColumn
Check = Callable[[Mapping[str, Any]], bool]
_Address = tuple[str, str, int]  # fact key, family, layer

EAGER_SHARE = 0.2
_LINEAR = (FactType.NUMBER, FactType.MOMENT)
_MEMBERS = (FactType.SET, FactType.PLACE)


class CompiledRuleSet:
    """Answers `match` as the plain walk would. Read-only but for what it remembers; threads may share it."""

    __slots__ = ("_bits", "_eager", "_full", "_pending", "_readers", "ruleset")

    def __init__(
        self,
        ruleset: RuleSet,
        full: int,
        eager: tuple[tuple[str, Column], ...],
        bits: tuple[tuple[Rule, tuple[tuple[int, str, Column], ...], Check | None], ...],
        readers: Mapping[str, Callable[[Any], Any]],
    ) -> None:
        self.ruleset = ruleset
        self._full = full
        self._eager = eager
        self._bits = bits
        self._pending = sum({flag for _, needs, _ in bits for flag, _, _ in needs})
        self._readers = readers

    def match(self, facts: Mapping[str, Any]) -> Rule | None:
        """The rule of highest precedence that the raw facts satisfy; None for the catch-all.

        1. AND the masks of the columns that many rules ask.
        2. Take the lowest candidate; AND the masks of the columns that it asks and that are not yet in.
        3. When it is still there, check what masks cannot say. Otherwise go on with 2.
        """
        try:
            return self._first(facts)
        except TypeError:  # a value that cannot be hashed, such as a list where a text belongs
            return self._first({key: read(facts.get(key)) for key, read in self._readers.items()})

    def _first(self, facts: Mapping[str, Any]) -> Rule | None:
        get = facts.get
        candidates = self._full
        for key, column in self._eager:
            candidates &= column[get(key)]
        pending, bits = self._pending, self._bits
        while candidates:
            lowest = candidates & -candidates
            rule, needs, check = bits[lowest.bit_length() - 1]
            for flag, key, column in needs:
                if pending & flag:
                    pending ^= flag
                    candidates &= column[get(key)]
                    if not candidates & lowest:
                        break
            else:
                if check is None or check(facts):
                    return rule
                candidates ^= lowest
        return None


def compile_rules(ruleset: RuleSet, catalogue: Catalogue) -> CompiledRuleSet:
    """Check and compile a version's rules. Raises `RuleError`."""
    terms: list[tuple[Rule, Term, Check | None]] = []
    readers: dict[str, Callable[[Any], Any]] = {}
    for rule in ruleset.rules:
        prepared = prepare_rule(rule, catalogue)
        readers |= {test.fact.key: test.read for test in prepared.tests}
        expansion = expand(prepared)
        check = _check(expansion.residual, prepared.tests) if expansion.residual else None
        terms += [(rule, term, check) for term in expansion.terms]
    full = (1 << len(terms)) - 1
    entries: dict[_Address, dict[int, Literal]] = {}
    for bit, (_, term, _) in enumerate(terms):
        for address, literal in _addressed(term):
            entries.setdefault(address, {})[bit] = literal
    columns = {address: _column(address, found, full) for address, found in entries.items()}
    eager = [address for address, found in entries.items() if len(found) >= EAGER_SHARE * len(terms)]
    flags = {address: 1 << number for number, address in enumerate(a for a in columns if a not in eager)}
    bits = tuple(
        (
            rule,
            tuple((flags[a], a[0], columns[a]) for a, _ in _addressed(term) if a in flags),
            check,
        )
        for rule, term, check in terms
    )
    return CompiledRuleSet(ruleset, full, tuple((a[0], columns[a]) for a in eager), bits, readers)


def _addressed(term: Term) -> Iterator[tuple[_Address, Literal]]:
    """Each literal with its column; a second question about the same set or text goes a layer further."""
    layers: dict[str, int] = {}
    for literal in term:
        key = literal.fact.key
        if isinstance(literal, Exact):
            yield (key, "value", 0), literal
        else:
            layers[key] = layers.get(key, -1) + 1
            yield (key, "parts", layers[key]), literal


def _column(address: _Address, entries: Mapping[int, Any], full: int) -> Column:
    sample: Exact | Hit = next(iter(entries.values()))
    fact_type = sample.fact.type
    if isinstance(sample, Hit):
        return (MemberColumn if fact_type in _MEMBERS else SearchColumn)(entries, full)
    if fact_type in _LINEAR:
        return (NumberColumn if fact_type is FactType.NUMBER else MomentColumn)(entries, full)
    return ExactColumn(entries, full, reader(fact_type))


def _check(residual: Node, tests: tuple[Test, ...]) -> Check:
    def check(facts: Mapping[str, Any]) -> bool:
        return evaluate(residual, lambda number: tests[number - 1].passes(seen(tests[number - 1], facts)))

    return check
