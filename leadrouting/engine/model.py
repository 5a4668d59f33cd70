"""The plain values that matching and distribution share: what ops wrote, as the engine reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class StepKind(StrEnum):
    """What a step of a ladder points at."""

    POOL = "pool"
    REP = "rep"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Condition:
    """`fact` `operator` `operand`; the operand is a scalar, or a tuple for operators that take several."""

    fact: str
    operator: str
    operand: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule's ladder of targets: tried in order until somebody is eligible.

    `id` is the pool's, rep's or queue's primary key. A queue always takes the lead.
    """

    kind: StepKind
    id: int
    ignore_hours: bool = False
    ignore_capacity: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """`logic` is empty (all conditions must hold) or e.g. ``1 AND (2 OR NOT 3)``, 1-based over `conditions`."""

    id: int
    name: str
    conditions: tuple[Condition, ...] = ()
    logic: str = ""
    ladder: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A version's rules, highest precedence first; `catch_all` is the queue for what nothing takes."""

    version: int
    rules: tuple[Rule, ...]
    catch_all: int
