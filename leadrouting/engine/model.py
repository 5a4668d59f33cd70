"""The plain values that matching and distribution share: what ops wrote, as the engine reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class StepKind(StrEnum):
    """What a step of a ladder points at."""

    POOL = "pool"
    REP = "rep"
    ACCOUNT_OWNER = "account_owner"
    PREVIOUS_OWNER = "previous_owner"
    TERRITORY_OWNER = "territory_owner"
    QUEUE = "queue"


OWNERS = (StepKind.ACCOUNT_OWNER, StepKind.PREVIOUS_OWNER, StepKind.TERRITORY_OWNER)
"""Steps that name a rep by what they are to the lead; their `id` is 0."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`fact` `operator` `operand`; the operand is a scalar, or a tuple for operators that take several."""

    fact: str
    operator: str
    operand: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule's ladder of targets: tried in order until somebody is eligible.

    `id` is the pool's, rep's or queue's primary key. A queue always takes the lead. `wait` is in minutes: so
    long a lead is held for this step, counted from when it began to look for an owner, before the next step
    is tried. `drop_skills`: those without the rule's skills may take it too. `only_present`: only those who
    have their pages open.
    """

    kind: StepKind
    id: int = 0
    ignore_hours: bool = False
    ignore_capacity: bool = False
    wait: int = 0
    drop_skills: bool = False
    only_present: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """`logic` is empty (all conditions must hold) or e.g. ``1 AND (2 OR NOT 3)``, 1-based over `conditions`.

    `skills` are pairs of a skill's key and the lowest level that whoever takes the lead must have. Before
    `valid_from` and from `valid_until` on (aware instants) the rule is passed over.
    """

    id: int
    name: str
    conditions: tuple[Condition, ...] = ()
    logic: str = ""
    ladder: tuple[Step, ...] = ()
    skills: tuple[tuple[int, int], ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether the rule counts at this instant."""
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or at < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A version's rules, highest precedence first; `catch_all` is the queue for what nothing takes."""

    version: int
    rules: tuple[Rule, ...]
    catch_all: int

    def at(self, instant: datetime) -> RuleSet:
        """The same with only the rules that are valid at this instant."""
        if all(rule.is_valid(instant) for rule in self.rules):
            return self
        return replace(self, rules=tuple(rule for rule in self.rules if rule.is_valid(instant)))
