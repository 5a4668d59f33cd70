"""What is asked of routing, and what comes of it: plain values between `routing` and everybody around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leadrouting.assignments.models import Decision
from leadrouting.engine.verdict import Verdict

Cause = Decision.Cause
BY_HAND = (Cause.REASSIGN, Cause.ENTERED)
"""A rep is named, whatever the hour and the load."""
CHOSEN = (*BY_HAND, Cause.TAKE)
"""Somebody said who gets the lead: no rule was asked."""


@dataclass(frozen=True, slots=True)
class Order:
    """Route this lead. `moves_from` is the assignment (its key) that must still be open for the order to stand;
    `to` is a rep chosen by hand, or who takes the lead from a queue (then limits hold, and hours do not), or whom
    the SLA policy names after a missed deadline, if they can take it, or to whom somebody comes back. `to_queue` and `to_catch_all` send it straight
    to a queue; `actor` is a user's key.
    `quiet` is for history: ownership is recorded, but no clock starts and nobody gets a message. `if_unowned`:
    the order falls away when somebody owns the lead by then. `if_taken`: it falls away when no rep can take it.
    `if_elsewhere`: it falls away when the lead would stay with its owner or in its queue, or would lose its owner only
    because nobody can take it.
    `at` (UTC) is for owners of the past, named by hand: since when the lead is theirs.
    `gives_way`: a new lead stays behind those that wait by the same rule, as long as they are about to be tried.
    """

    lead: int
    cause: Cause = Cause.ARRIVAL
    actor: int | None = None
    reason: str = ""
    moves_from: int | None = None
    to: int | None = None
    to_queue: int | None = None
    to_catch_all: bool = False
    quiet: bool = False
    if_unowned: bool = False
    gives_way: bool = False
    if_taken: bool = False
    if_elsewhere: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decided lead. `row` holds the lead's values as locked (see `reading.NAMES`), `facts` what rules saw,
    `waits_as` whose kind it is while it waits (see `kinship`)."""

    order: Order
    row: dict[str, Any]
    facts: dict[str, Any]
    rule_name: str
    verdict: Verdict
    decision: int
    decided_at: datetime
    starts_at: datetime
    route_at: datetime | None
    waits_as: int | None = None

    @property
    def lead(self) -> int:
        return self.order.lead

    @property
    def lead_name(self) -> str:
        return self.row["name"] or self.row["company"] or self.row["email"] or f"Lead {self.lead}"
