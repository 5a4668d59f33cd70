"""Single facts that somebody states about a made-up lead: whether they can be read, and as what."""

from __future__ import annotations

from typing import Any

from leadrouting.assignments.known import Known
from leadrouting.engine.facts import Fact, FactType, UnknownFactError
from leadrouting.engine.values import fold, reader
from leadrouting.teams.snapshot import People

READABLE = {
    FactType.NUMBER: "a number",
    FactType.YES_NO: "yes or no",
    FactType.MOMENT: "a moment with its zone, e.g. 2026-03-04T12:00:00Z",
    FactType.SET: "a list of texts",
    FactType.PLACE: "a territory",
}


def problem_of(key: str, value: Any, known: Known) -> str:
    """Why the value cannot stand for this fact; empty when it can."""
    try:
        fact = known.facts[key]
    except UnknownFactError as error:
        return str(error)
    if fact.type is FactType.PLACE and isinstance(value, str) and not path_of(value, known.who):
        return f"There is no territory with the code “{value}”."
    if reader(fact.type)(value) is None:
        return f"“{value}” cannot be read as {READABLE.get(fact.type, 'text')}."
    return wrong_choice(fact, value)


def wrong_choice(fact: Fact, value: Any) -> str:
    known = [choice for choice, _ in fact.choices]
    if not known or fold(str(value)) in known:
        return ""
    return f"“{value}” is not one of {', '.join(known)}."


def path_of(code: str, who: People) -> list[str]:
    """The territory's code with those above it, from the root down; empty when there is none."""
    return list(who.atlas.paths.get(code, ()))
