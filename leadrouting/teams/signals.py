"""What this room asks of rooms above it, which it does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Place:
    """Something that names a rep: `name` for people, `where` it stands, `link` to its page."""

    name: str
    where: str
    link: str


presence_set = Signal()
"""Sent with `change`, a PresenceChange that has just been written down, in its transaction."""

absence_said = Signal()
"""Sent with `absence`, `by`, who has entered it or taken it back, `ended`, which of these, and `now` (UTC), in its
transaction."""

hours_saved = Signal()
"""Sales ops have changed office hours, holidays, or who works in which. Receivers answer with a sentence (safe HTML)
about what still goes by the old ones, or with nothing."""

rep_in_use = Signal()
"""Sent with `rep`, a rep's key; receivers answer with a list of `Place`: the rules that name the rep."""


def places_of(rep: int) -> list[Place]:
    answers: list[tuple[Any, Any]] = rep_in_use.send(None, rep=rep)
    return [place for _, places in answers for place in places or []]
