"""What rules ask of the rooms above them, which know leads and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """What became of a rule's leads: `leads` it placed, their `share` of all that were placed, how many of
    those `closed` in the time were `won`, of how many the owner said that they should be somebody else's; `last_hit`
    (UTC) looks back without end."""

    leads: int = 0
    share: float = 0.0
    won: int = 0
    closed: int = 0
    last_hit: datetime | None = None
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class Objection:
    """An owner says that a lead of a rule should be somebody else's. `state` says what has become of it."""

    lead: int
    name: str
    who: str
    reason: str
    rather: str
    state: str
    at: datetime


objecting = Signal()
"""A rule's page is shown. Arguments: `rule` (its key), `since` (UTC). Receivers answer a list of Objection, the newest
first."""

measuring = Signal()
"""A page shows rules. Arguments: `rule_ids`, `since`, `now` (UTC). Receivers answer a dict: id to RuleFigures."""

rehearsing = Signal()
"""Where would these test leads go? Nothing may be written, no turn used.

Arguments: `rule_set` (models.RuleSet), `document` (as `documents.draft_of` makes it: a draft's or a version's,
without problems), `expectations` (list of models.Expectation, with pool, rep and queue), `now` (UTC, for those
without a moment of their own). Receivers return a list of `expectations.Result`, one for each, in order.
"""

checking = Signal()
"""What should somebody know before this goes live? Sent when the page that publishes is shown.

Arguments: `rule_set` (models.RuleSet), `document` (the draft as `documents.draft_of` makes it, without
problems), `now` (UTC). Receivers return a list of `findings.Finding`, the serious ones first. They must answer
within a second or two, with a constant number of queries, and write nothing: the page waits for them.
Findings warn and never keep a draft from going live.
"""

recalling = Signal()
"""What did the newest leads say? Receivers answer a list of their facts, about a thousand."""

counting = Signal()
"""How many leads did these versions decide? Arguments: `versions` (list of their keys).

Receivers return a dict of the number by the version's key; what is missing decided none.
"""

went_live = Signal()
"""A version is live from now on. Argument: `version`. Sent inside the transaction that publishes it."""


def answers(signal: Signal, **question: Any) -> list[Any]:
    """The answers of all receivers that have something to say. What a receiver raises comes through."""
    return [answer for _, answer in signal.send(sender=None, **question) if answer]


def gathered(signal: Signal, **question: Any) -> list[Any]:
    """The lists that receivers answer with, as one."""
    return [one for answer in answers(signal, **question) for one in answer]
