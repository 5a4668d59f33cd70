"""The values of a fact that are worth trying instead of the one it has: one of each class that rules tell apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from leadrouting.engine.analysis.texts import text_for
from leadrouting.engine.conditions import Test
from leadrouting.engine.facts import Fact, FactType
from leadrouting.engine.model import Condition
from leadrouting.engine.operators import SEARCHES
from leadrouting.engine.spans import Span
from leadrouting.engine.values import fold, read_moment, read_number, reader

OTHER = "anything else"  # a value that no rule names
SOME_MOMENT = "2000-01-01T00:00:00+00:00"  # any would do: rules only ask whether there is one
MOST_SUBSETS = 7  # members of which all combinations are tried
MOST_SEARCHES = 6  # of which pairs are tried
MINUTE = timedelta(minutes=1)


class Neighbours:
    """What rules ask of one fact. `near` names the values to try, as raw facts, None for blank.

    All classes for choices, numbers, moments, yes or no and places, and for sets of which rules name up to
    MOST_SUBSETS members; beyond that, and for texts that rules search, the likely ones.
    """

    def __init__(
        self,
        fact: Fact,
        asked: Iterable[tuple[Condition, Test]],
        places: Mapping[str, Sequence[str]],
    ) -> None:
        self.fact = fact
        self.points: dict[Any, Any] = {}  # what rules compare with, as the engine reads it -> raw
        searches: dict[Any, Test] = {}
        for condition, test in asked:
            if test.operator in SEARCHES:
                searches.setdefault((test.operator, str(condition.operand)), test)
                continue
            operand = condition.operand
            for value, raw in zip(
                test.operands, operand if isinstance(operand, tuple) else (operand,), strict=False
            ):
                self.points.setdefault(value, raw)
        for choice, _ in fact.choices:
            self.points[fold(choice)] = choice
        self._steady = [*self._fixed(places), *_texts(list(searches.values()), self.points.keys())]
        self._sorted = sorted(self.points) if fact.type in (FactType.NUMBER, FactType.MOMENT) else []

    def near(self, raw: Any) -> list[Any]:
        """The values to try for a lead that has `raw` (None: blank); its own class may be among them."""
        found: list[Any] = [] if self.fact.always else [None]
        match self.fact.type:
            case FactType.NUMBER:
                found += _numbers(self._sorted, read_number(raw), self.fact.span)
            case FactType.MOMENT:
                moments = [moment.isoformat() for moment in _moments(self._sorted, read_moment(raw))]
                found += moments or [SOME_MOMENT]
            case FactType.SET:
                found += _sets(self.points, raw, is_closed=bool(self.fact.choices))
            case _:
                found += self._steady
        return found

    def _fixed(self, places: Mapping[str, Sequence[str]]) -> Iterator[Any]:
        match self.fact.type:
            case FactType.YES_NO:
                yield from (True, False)
            case FactType.PLACE:
                yield from _paths(self.points.keys(), places)
            case FactType.CHOICE | FactType.TEXT:
                yield from self.points.values()
                if not self.fact.choices:
                    yield OTHER


def distance(before: Any, after: Any, fact: Fact) -> int:
    """How far apart: 0 for a number that nearly is the other, 1 for another value, 2 for just any other, 3 for none."""
    if after is None or after in (OTHER, SOME_MOMENT):
        return 3 if after is None else 2
    if fact.type is FactType.NUMBER:
        one, other = read_number(before), read_number(after)
        if one is not None and other is not None:
            old, new = Decimal(one), Decimal(other)
            return 0 if abs(new - old) * 10 <= max(abs(old), abs(new)) else 1
    if fact.type is FactType.SET:
        read = reader(fact.type)
        return len((read(before) or frozenset()) ^ (read(after) or frozenset()))
    return 1


def _texts(searches: Sequence[Test], named: Collection[str]) -> Iterator[str]:
    """For each search, and each pair of few: a text that it finds; one that no rule names; one that no other
    search finds either."""
    groups: list[tuple[Test, ...]] = [(test,) for test in searches]
    if len(searches) <= MOST_SEARCHES:
        groups += combinations(searches, 2)
    for group in groups:
        others = [test for test in searches if test not in group]
        found = (text_for(group, (), ()), text_for(group, (), named), text_for(group, others, named))
        yield from dict.fromkeys(text for text in found if text is not None)


def _paths(asked: Collection[str], places: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The shortest path of each class: which of the territories that rules name lie on it."""
    seen: set[frozenset[str]] = set()
    for code in sorted(places, key=lambda code: (len(places[code]), code)):
        path = list(places[code])
        within = frozenset(map(fold, path)) & frozenset(asked)
        if within not in seen:
            seen.add(within)
            yield path


def _sets(named: Mapping[str, Any], raw: Any, *, is_closed: bool) -> Iterator[list[Any]]:
    """One member more or less, then any combination of those that rules name; others are kept. `is_closed`: there are no
    others than those of the fact's list."""
    has = list(raw) if isinstance(raw, (list, tuple, set, frozenset)) else [] if raw is None else [raw]
    folded = {fold(str(member)): member for member in has}
    kept = [member for key, member in folded.items() if key not in named]
    here = {key for key in folded if key in named}
    if not is_closed and not kept and (not folded or here):
        yield [OTHER]
    wanted: Iterable[Iterable[str]]
    if len(named) <= MOST_SUBSETS:
        wanted = (some for size in range(len(named) + 1) for some in combinations(sorted(named), size))
    else:
        wanted = ({*here, one} if one not in here else here - {one} for one in sorted(named))
    for some in wanted:
        members = [*kept, *(named[key] for key in sorted(some))]
        if members:
            yield members


def _numbers(points: Sequence[Any], at: int | Decimal | None, span: Span) -> Iterator[int | str]:
    """The break points, and between them the value that is nearest to `at` in steps of one, or of its decimals."""
    yield from (_plain(point) for point in points if point in span)
    for low, high in pairwise([None, *points, None]):
        if (number := span.inside(low, high, at)) is not None:
            yield _plain(number)


def _plain(number: int | Decimal) -> int | str:
    return int(number) if number == int(number) else str(number)


def _moments(points: Sequence[datetime], at: datetime | None) -> Iterator[datetime]:
    yield from points
    for low, high in pairwise([None, *points, None]):
        if low is None or high is None:
            if (one := low or high) is not None:
                yield one + MINUTE if high is None else one - MINUTE
        elif high - low > 2 * MINUTE:
            yield low + MINUTE if at is None or at <= low else high - MINUTE
        elif low < (middle := low + (high - low) / 2) < high:
            yield middle
