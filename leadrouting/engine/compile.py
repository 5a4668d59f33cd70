"""A rule set compiled for matching: the bit vector scheme of packet classification, asked lazily.

Source: T. V. Lakshman and D. Stiliadis, "High-speed policy-based packet forwarding using efficient
multi-dimensional range matching", SIGCOMM 1998. One bit per alternative of a rule (see `terms`); for each fact
a column from value to the mask of the bits that it satisfies; the candidates are the AND of one mask per column.
Turned round against the paper: the highest bit has the highest precedence, because Python knows the highest
bit of an integer at once, and integers shrink as candidates fall away at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

from leadrouting.engine.columns import (
    ChoiceColumn,
    Column,
    MemberColumn,
    PlaceColumn,
    TextColumn,
    YesNoColumn,
)
from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Catalogue, FactType
from leadrouting.engine.linear import MomentColumn, NumberColumn
from leadrouting.engine.logic import Node, evaluate
from leadrouting.engine.model import Rule, RuleSet
from leadrouting.engine.operators import Operator
from leadrouting.engine.prepared import prepare_rule, seen
from leadrouting.engine.search import PatternColumn, SearchColumn
from leadrouting.engine.terms import Exact, Literal, Term, expand

# A column is asked for each lead when at least this share of the bits asks it, and this many do. Measured: all
# columns at once take three times as long with 1,000 rules.
EAGER_SHARE = 0.15
EAGER_LEAST = 50
_COST = (
    *(YesNoColumn, ChoiceColumn, TextColumn, PlaceColumn, NumberColumn),
    *(MemberColumn, MomentColumn, SearchColumn, PatternColumn),
)

_Check = Callable[[Mapping[str, Any]], bool]
_Address = tuple[str, str, int]  # fact key, what is asked of it, layer
_Bit = tuple[Rule, tuple[tuple[int, str, Column], ...], _Check | None]


class CompiledRuleSet:
    """Answers `match` as the plain walk would. Read-only but for what it remembers; threads may share it."""

    __slots__ = ("_bits", "_eager", "_full", "_pending", "_readers", "ruleset")

    def __init__(
        self,
        ruleset: RuleSet,
        eager: tuple[tuple[str, Column], ...],
        bits: tuple[_Bit, ...],
        readers: Mapping[str, Callable[[Any], Any]],
    ) -> None:
        self.ruleset = ruleset
        self._eager = eager
        self._bits = bits
        self._full = (1 << len(bits)) - 1
        self._pending = sum({flag for _, needs, _ in bits for flag, _, _ in needs})
        self._readers = readers

    def match(self, facts: Mapping[str, Any]) -> Rule | None:
        """The rule of highest precedence that the raw facts satisfy; None for the catch-all.

        1. AND the masks of the columns that many rules ask.
        2. Take the highest candidate; AND the masks of the columns that it asks and that are not yet in.
        3. When it is still there, check what masks cannot say. Otherwise go on with 2.
        """
        try:
            return self._first(facts)
        except TypeError:  # a value that cannot be hashed, such as a list where a text belongs
            return self._first({key: read(facts.get(key)) for key, read in self._readers.items()})

    def matching(self, facts: Mapping[str, Any]) -> Iterator[Rule]:
        """All rules that the raw facts satisfy, the highest first: without the first, the second would match."""
        read = {key: read(facts.get(key)) for key, read in self._readers.items()}
        return (rule for rule, _ in groupby(self._matching(read)))

    def _first(self, facts: Mapping[str, Any]) -> Rule | None:
        return next(self._matching(facts), None)

    def _matching(self, facts: Mapping[str, Any]) -> Iterator[Rule]:
        """A rule comes once for each of its alternatives, which lie side by side."""
        get = facts.get
        candidates = self._full
        for key, column in self._eager:
            candidates &= column[get(key)]
        pending, bits = self._pending, self._bits
        while candidates:
            highest = candidates.bit_length()
            rule, needs, check = bits[highest - 1]
            for flag, key, column in needs:
                if pending & flag:
                    pending ^= flag
                    candidates &= column[get(key)]
                    if candidates.bit_length() != highest:
                        break
            else:
                if check is None or check(facts):
                    yield rule
                candidates ^= 1 << (highest - 1)


def compile_rules(ruleset: RuleSet, catalogue: Catalogue) -> CompiledRuleSet:
    """Check and compile a version's rules. Raises `RuleError`."""
    terms: list[tuple[Rule, Term, _Check | None]] = []
    readers: dict[str, Callable[[Any], Any]] = {}
    for rule in ruleset.rules:
        prepared = prepare_rule(rule, catalogue)
        readers |= {test.fact.key: test.read for test in prepared.tests}
        expansion = expand(prepared)
        check = _check(expansion.residual, prepared.tests) if expansion.residual else None
        terms += [(rule, term, check) for term in expansion.terms]
    terms.reverse()
    entries: dict[_Address, dict[int, Literal]] = {}
    for bit, (_, term, _) in enumerate(terms):
        for address, literal in _addressed(term):
            entries.setdefault(address, {})[bit] = literal
    columns = {address: _column(address, found, (1 << len(terms)) - 1) for address, found in entries.items()}
    least = max(EAGER_LEAST, EAGER_SHARE * len(terms))
    eager = tuple(address for address in entries if len(entries[address]) >= least)
    lazy = sorted(entries.keys() - set(eager), key=lambda a: (_COST.index(type(columns[a])), a))
    flags = {address: 1 << number for number, address in enumerate(lazy)}
    bits = []
    for rule, term, check in terms:
        wanted = sorted((flags[address], address) for address, _ in _addressed(term) if address in flags)
        bits.append((rule, tuple((flag, address[0], columns[address]) for flag, address in wanted), check))
    return CompiledRuleSet(ruleset, tuple((a[0], columns[a]) for a in eager), tuple(bits), readers)


def _addressed(term: Term) -> Iterator[tuple[_Address, Literal]]:
    """Each literal with its column; a second question about the same set or text goes a layer further."""
    layers: dict[tuple[str, str], int] = {}
    for literal in term:
        key = literal.fact.key
        if isinstance(literal, Exact):
            yield (key, "value", 0), literal
            continue
        asked = "parts"
        if literal.patterns and literal.patterns[0][0] is Operator.MATCHES:
            asked = f"matches {literal.patterns[0][1].pattern}"
        layer = layers[key, asked] = layers.get((key, asked), -1) + 1
        yield (key, asked, layer), literal


def _column(address: _Address, entries: Mapping[int, Any], full: int) -> Column:
    type_ = next(iter(entries.values())).fact.type
    if address[1].startswith("matches"):
        return PatternColumn(entries, full)
    match type_, address[1]:
        case FactType.SET, _:
            return MemberColumn(entries, full)
        case FactType.PLACE, _:
            return PlaceColumn(entries, full)
        case FactType.NUMBER, _:
            return NumberColumn(entries, full)
        case FactType.MOMENT, _:
            return MomentColumn(entries, full)
        case FactType.YES_NO, _:
            return YesNoColumn(entries, full)
        case FactType.CHOICE, _:
            return ChoiceColumn(entries, full)
        case _, "parts":
            return SearchColumn(entries, full)
        case _:
            return TextColumn(entries, full)


def _check(residual: Node, tests: tuple[Test, ...]) -> _Check:
    def check(facts: Mapping[str, Any]) -> bool:
        return evaluate(residual, lambda number: tests[number - 1].passes(seen(tests[number - 1], facts)))

    return check
