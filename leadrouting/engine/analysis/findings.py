"""What the analysis of a rule set finds: plain values, each with how certain it is and a lead that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Rule
from leadrouting.engine.prepared import RuleError


@dataclass(frozen=True, slots=True)
class World:
    """What leads there can be.

    `places` maps the code of each territory to its codes from the root down to itself; a code that is not
    among them is nowhere. Instants of decision before `since` (aware) are left out of account: what is over is
    over. None: all of time counts.
    Facts are taken as independent of each other: the analysis does not know that Berlin lies in Germany, nor
    that a lead with an account owner has an account.
    """

    catalogue: Catalogue
    places: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: datetime | None = None


class Certainty(StrEnum):
    """How far a finding can be relied on."""

    PROVEN = "proven"
    CANNOT_TELL = "cannot_tell"  # it hangs on what texts two patterns can have in common
    NOT_DECIDED = "not_decided"  # the budget of steps was spent before


class Cause(StrEnum):
    """Why a rule never fires."""

    CONTRADICTION = "contradiction"  # no lead satisfies its own conditions
    ONE_ABOVE = "one_above"
    SEVERAL_ABOVE = "several_above"
    UNKNOWN = "unknown"  # not proven that it never fires


@dataclass(frozen=True, slots=True)
class Witness:
    """A lead that shows something: raw facts as a lead has them, checked with the matcher itself.

    `rule` is the one that takes it, None the catch-all. `at` is the instant of the decision (UTC); None when
    no rule is limited in time.
    """

    facts: Mapping[str, Any]
    rule: Rule | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NeverFires:
    """A rule that never fires (PROVEN), or of which this could not be ruled out (any other certainty).

    `conditions` are the numbers (from 1) of those that contradict each other. `above` are the rules that
    together take all that this one asks for, highest first; none can be left out, unless the budget was spent
    on finding that. `witness` satisfies the rule and is taken by another.
    """

    rule: Rule
    certainty: Certainty
    cause: Cause
    conditions: tuple[int, ...] = ()
    above: tuple[Rule, ...] = ()
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules with different targets that claim the same leads; neither asks for all that the other does.

    `witness` is taken by `higher`, and would be by `lower` without it; None when rules between or above always
    come first, or when none could be found.
    """

    higher: Rule
    lower: Rule
    certainty: Certainty
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Leads that only the catch-all takes. `box` says which, as a rule that would take exactly these: its
    conditions cannot be widened further without meeting a rule. `witness` is one of them.
    """

    witness: Witness
    box: Rule


@dataclass(frozen=True, slots=True)
class Analysis:
    """All findings, in the order of the rules.

    `never` holds all certainties: ask each. `overlaps` is a bounded list, what most deserves a look first;
    `overlap_count` counts all, and `below` says of each rule's id as a mask which of `order` overlap with it below. `gaps` are all real; `gaps_certainty` is PROVEN when there are no others, or
    more than are listed. `wrong` rules were left out of the analysis. `examples` has, by rule id, a lead that
    the rule takes, for each rule that can fire.
    """

    never: tuple[NeverFires, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    overlap_count: int = 0
    gaps: tuple[Gap, ...] = ()
    gaps_certainty: Certainty = Certainty.PROVEN
    wrong: tuple[RuleError, ...] = ()
    examples: Mapping[int, Witness] = field(default_factory=dict)
    order: tuple[int, ...] = ()
    below: Mapping[int, int] = field(default_factory=dict)

    def overlap(self, higher: int, lower: int) -> bool:
        """Whether these two, by their ids, are among the overlaps, listed or not."""
        below = self.below.get(higher, 0)
        return bool(below) and bool(below >> self.order.index(lower) & 1)
