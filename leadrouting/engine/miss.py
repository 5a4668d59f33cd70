"""The nearest miss in words: what about a lead would have had to be different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadrouting.engine.describe import describe_value
from leadrouting.engine.facts import Fact, FactType
from leadrouting.engine.model import Rule
from leadrouting.engine.neighbours import OTHER, SOME_MOMENT
from leadrouting.engine.values import fold


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that would have to be different; raw values, None for blank. `said`: `country were IN instead of DE`."""

    fact: str
    before: Any
    after: Any
    said: str


@dataclass(frozen=True, slots=True)
class NearestMiss:
    """With these changes `rule` would have matched; None: no rule would have."""

    changes: tuple[Change, ...]
    rule: Rule | None
    sentence: str


def missed(changes: Sequence[tuple[Fact, Any, Any]], rule: Rule | None) -> NearestMiss:
    """Put together from fact, value before and value after."""
    made = tuple(
        Change(fact.key, before, after, _said(fact, before, after)) for fact, before, after in changes
    )
    then = f"rule “{rule.name}” would have matched" if rule else "no rule would have matched"
    return NearestMiss(made, rule, f"If {' and '.join(one.said for one in made)}, {then}.")


def _said(fact: Fact, before: Any, after: Any) -> str:
    if fact.type is FactType.SET and before and after and after != [OTHER]:
        return _members(fact, before, after)
    if fact.type is FactType.PLACE:
        return f"{fact.label} were {_deepest(after)} instead of {_deepest(before)}"
    old = describe_value(before, fact)
    if after in (OTHER, [OTHER], SOME_MOMENT):
        return f"{fact.label} were {'not blank' if before in (None, '', []) else f'anything else than {old}'}"
    return f"{fact.label} were {describe_value(after, fact)} instead of {old}"


def _members(fact: Fact, before: Any, after: Any) -> str:
    has = {fold(str(one)) for one in (before if isinstance(before, (list, tuple)) else [before])}
    wants = {fold(str(one)) for one in after}
    more = [one for one in after if fold(str(one)) not in has]
    less = [one for one in before if fold(str(one)) not in wants] if isinstance(before, (list, tuple)) else []
    parts = [
        *([f"also included {describe_value(more, fact)}"] if more else []),
        *([f"did not include {describe_value(less, fact)}"] if less else []),
    ]
    return f"{fact.label} {' and '.join(parts)}"


def _deepest(path: Any) -> str:
    return str(path[-1]) if isinstance(path, (list, tuple)) and path else "blank" if not path else str(path)
