"""The values of a fact, cut into finitely many classes by what the rules mention; one sample stands for each.

Blank comes first, then values that no rule names: in this order a lead is made up, so that it says no more
than it must.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from leadrouting.engine.facts import Fact, FactType
from leadrouting.engine.values import fold

TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sample:
    """`value` as conditions are asked about it, None for blank; `raw` as a lead has it.

    `named`: some rule names this very value. `ends`: the sample stands for an open range between two break
    points, None meaning no end.
    """

    value: Any
    raw: Any
    named: bool = False
    ends: tuple[Any, Any] | None = None


BLANK = Sample(None, None)


def blanks(fact: Fact) -> list[Sample]:
    """The blank class, unless no lead is without this fact."""
    return [] if fact.always else [BLANK]


def texts(fact: Fact, mentioned: Iterable[str], spellings: Mapping[str, str]) -> list[Sample]:
    """Choices and texts: each value that is mentioned, and one that is not, if there is one."""
    named = sorted(set(mentioned))
    raws = {fold(value): value for value, _ in fact.choices}
    found = [Sample(value, raws.get(value, spellings.get(value, value)), named=True) for value in named]
    other = next((raw for value, raw in raws.items() if value and value not in named), None)
    if not raws:
        other = f"another {fact.label}"
        while fold(other) in named:
            other += " still"
    return [*blanks(fact), *([Sample(fold(other), other)] if other is not None else []), *found]


def yes_no(fact: Fact) -> list[Sample]:
    return [*blanks(fact), Sample(False, False), Sample(True, True)]


def places(fact: Fact, mentioned: Iterable[str], paths: Mapping[str, Sequence[str]]) -> list[Sample]:
    """Places that lie within the same of the mentioned ones are alike; the one highest up stands for them."""
    named = set(mentioned)
    alike: dict[frozenset[str], Sample] = {}
    for path in sorted(paths.values(), key=lambda path: (len(path), tuple(path))):
        codes = frozenset(fold(code) for code in path)
        if codes:
            alike.setdefault(codes & named, Sample(codes, list(path)))
    return [*blanks(fact), *alike.values()]


def line(fact: Fact, points: Iterable[Any], since: datetime | None = None) -> list[Sample]:
    """Numbers and moments, upwards: each break point, and the open ranges before, between and after them."""
    cuts = sorted({*points, *(() if since is None else (since,))})
    found = _moments(cuts) if fact.type is FactType.MOMENT else _numbers(fact, cuts)
    return [*blanks(fact), *(sample for sample in found if since is None or sample.value >= since)]


def _numbers(fact: Fact, cuts: Sequence[Any]) -> Iterator[Sample]:
    for after, cut in zip((None, *cuts), (*cuts, None), strict=True):
        number = fact.span.inside(after, cut)
        if number is not None:
            yield _number(number, (after, cut))
        if cut is not None and cut in fact.span:
            yield _number(cut)


def _number(number: int | Decimal, ends: tuple[Any, Any] | None = None) -> Sample:
    return Sample(number, number if isinstance(number, int) else str(number), ends=ends)


def _moments(cuts: Sequence[datetime]) -> Iterator[Sample]:
    """Moments are whole microseconds. Within a range, a full hour is easier to read."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    for after, cut in zip((None, *cuts), (*cuts, None), strict=True):
        start = first if after is None else after + TICK if after < last else None
        end = last if cut is None else cut - TICK if cut > first else None
        if start is not None and end is not None and start <= end:
            yield _moment(_readable(after, cut, start, end), (after, cut))
        if cut is not None:
            yield _moment(cut)


def _readable(after: datetime | None, cut: datetime | None, start: datetime, end: datetime) -> datetime:
    if after is None and cut is None:
        return datetime(2026, 1, 1, 9, tzinfo=UTC)
    try:
        near = after + HOUR if after is not None else end + TICK - HOUR
    except OverflowError:
        return start
    return near if start <= near <= end else start


def _moment(moment: datetime, ends: tuple[Any, Any] | None = None) -> Sample:
    return Sample(moment, moment.isoformat(), ends=ends)
