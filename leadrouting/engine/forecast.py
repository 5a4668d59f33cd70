"""The next turns of a pool under each absence policy, while some are away and once they are back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from leadrouting.engine.roster import AbsencePolicy, Roster, Rotation
from leadrouting.engine.rotation import copy, take_turn


@dataclass(frozen=True, slots=True)
class Forecast:
    """`turns` while the absent are away, `back` from when they return; credits, by rep, at these two ends."""

    absence: AbsencePolicy
    turns: tuple[int, ...]
    back: tuple[int, ...]
    on_return: dict[int, int]
    at_end: dict[int, int]


def forecast(
    rotation: Rotation, roster: Roster, away: Collection[int], leads: int = 20, until_back: int = 10
) -> list[Forecast]:
    """What each policy would do with the next `leads` leads, of which the first `until_back` come while `away`
    are away. With nobody away all are `turns`; with everybody away none is. Who has no share takes no part.
    Changes nothing."""
    everybody = [member for member in roster.members if member.weight]
    present = [member for member in everybody if member.rep not in away]
    first = (leads if len(present) == len(everybody) else until_back) if present else 0
    found = []
    for absence in AbsencePolicy:
        books, version = copy(rotation), replace(roster, absence=absence)
        turns = tuple([take_turn(books, version, present) for _ in range(first)])
        on_return = dict(books.credits)
        later = leads - (first or until_back) if everybody else 0
        back = tuple([take_turn(books, version, everybody) for _ in range(later)])
        found.append(Forecast(absence, turns, back, on_return, dict(books.credits)))
    return found
