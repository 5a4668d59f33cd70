"""Who could take a lead, and the books that say whose turn it is: plain values, no behaviour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import prod
from typing import NamedTuple

LEAD = 144403552893600
"""One lead in units of credit: lcm(1..36), so that shares of pools up to a total weight of 36 are whole."""


class Strategy(StrEnum):
    """How a pool chooses among its eligible members."""

    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"
    LEAST_UTILISED = "least_utilised"  # open conversations as a share of the cap
    CAPACITY = "capacity"  # by turns, with weights that were made from the caps
    PERFORMANCE = "performance"  # by turns, with weights that were made from win rates

    @property
    def by_load(self) -> bool:
        """Whether it looks at what members carry; the others go by turns alone."""
        return self in (Strategy.LEAST_LOADED, Strategy.LEAST_UTILISED)


class AbsencePolicy(StrEnum):
    """What becomes of the turns that a member misses while not eligible (round robin only)."""

    FORFEIT = "forfeit"  # nothing accrues; the credit stays as it was
    CATCH_UP = "catch_up"  # they accrue in full and are made up on return
    CATCH_UP_LIMITED = "catch_up_limited"  # they accrue until the credit reaches `catch_up_limit` leads


class Why(StrEnum):
    """Why a member was not chosen. Stored with decisions: a value never changes its meaning."""

    INACTIVE = "inactive"
    AWAY = "away"
    BUSY = "busy"
    ABSENT = "absent"
    OUTSIDE_HOURS = "outside_hours"
    AT_OPEN_CAP = "at_open_cap"
    AT_HOUR_CAP = "at_hour_cap"
    AT_DAY_CAP = "at_day_cap"
    AT_WEEK_CAP = "at_week_cap"
    TEAM_FULL = "team_full"
    ALREADY_HAD = "already_had"
    LACKS_SKILL = "lacks_skill"
    LACKS_LANGUAGE = "lacks_language"
    NOT_PRESENT = "not_present"
    NOBODY_KNOWN = "nobody_known"  # of a step that names an owner: the lead has none, so no rep is listed
    NO_SHARE = "no_share"
    NOT_THEIR_TURN = "not_their_turn"
    MORE_LOADED = "more_loaded"
    MORE_UTILISED = "more_utilised"


READY = (Why.NOT_THEIR_TURN, Why.MORE_LOADED, Why.MORE_UTILISED)
"""Whoever was passed over for one of these could have taken the lead."""


class Part(NamedTuple):
    """One cause of a share other than full. Stored with rosters: a kind never changes its meaning.

    `ramp`: `level` is the week since the start, 0 before it. `quota`: the percentage of the quota from which
    this counts. `win_rate`: the shrunk win rate, in thousandths.
    """

    kind: str
    level: int
    percent: int


def share_of(parts: Sequence[Part]) -> int:
    """What several causes leave together: their product, in whole percent; nought only where one of them is."""
    product = prod([part.percent for part in parts])
    unit: int = 100 ** max(0, len(parts) - 1)
    return max(1, (2 * product + unit) // (2 * unit)) if product and parts else 100 * product


@dataclass(frozen=True, slots=True)
class Member:
    """A rep with a weight (a whole number) and caps in leads; None means no cap.

    A weight of nought is no share: no turn comes, and none accrues. `parts` say why the share is not full;
    the weight has them in it already, and strategies that go by load count by `share`, in percent.
    """

    rep: int
    weight: int = 1
    max_open: int | None = None
    max_day: int | None = None
    max_hour: int | None = None
    max_week: int | None = None
    parts: tuple[Part, ...] = field(default=(), repr=False, kw_only=True)
    share: int = field(default=100, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.parts:
            object.__setattr__(self, "share", share_of(self.parts))

    @property
    def capped(self) -> bool:
        return self.max_open is not None or self.max_day is not None or self.timed

    @property
    def timed(self) -> bool:
        """Whether leads of an hour or a week count, beside those of the day."""
        return self.max_hour is not None or self.max_week is not None


@dataclass(frozen=True, slots=True)
class Roster:
    """An immutable version of a pool's membership; the order of `members` settles the last ties.

    `catch_up_limit` is in leads and is read only under `CATCH_UP_LIMITED`. `any_hour`: office hours do not
    count. `after_pool` is asked while all who are there at all are outside their hours; 0: none is. `holds`: then
    the lead waits for the opening. `language`: the level, from 1, at which members must speak the lead's; 0: need not.
    ValueError: a weight below nought, a rep twice, or a negative limit.
    """

    id: int
    pool: int
    strategy: Strategy
    members: tuple[Member, ...]
    absence: AbsencePolicy = AbsencePolicy.FORFEIT
    catch_up_limit: int = 0
    any_hour: bool = False
    after_pool: int = 0
    holds: bool = False
    language: int = 0
    # Derived once, because every lead asks for them.
    reps: tuple[int, ...] = field(init=False, repr=False, compare=False)
    rep_set: frozenset[int] = field(init=False, repr=False, compare=False)
    total: int = field(init=False, repr=False, compare=False)
    capped: bool = field(init=False, repr=False, compare=False)
    timed: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        reps = tuple(member.rep for member in self.members)
        rep_set = frozenset(reps)
        if len(rep_set) != len(reps):
            raise ValueError(f"roster {self.id}: a rep is listed twice")
        if any(member.weight < 0 for member in self.members):
            raise ValueError(f"roster {self.id}: weights are whole numbers from 0")
        if self.catch_up_limit < 0:
            raise ValueError(f"roster {self.id}: the catch-up limit is below zero")
        object.__setattr__(self, "reps", reps)
        object.__setattr__(self, "rep_set", rep_set)
        object.__setattr__(self, "total", sum(member.weight for member in self.members))
        object.__setattr__(self, "capped", any(member.capped for member in self.members))
        object.__setattr__(self, "timed", any(member.timed for member in self.members))


@dataclass(slots=True)
class Load:
    """Open conversations, and leads taken today, this hour and this week (from Monday), all in the rep's own zone.

    Shared by a batch, advanced in place.
    """

    open: int = 0
    day: int = 0
    hour: int = 0
    week: int = 0

    def count(self, leads: int) -> None:
        self.open += leads
        self.day += leads
        self.hour += leads
        self.week += leads


@dataclass(slots=True)
class TeamLoad:
    """What a team with a cap carries together, each rep's day being their own. Shared and advanced as loads are."""

    open: int
    day: int
    max_open: int | None
    max_day: int | None

    @property
    def full(self) -> bool:
        return (self.max_open is not None and self.open >= self.max_open) or (
            self.max_day is not None and self.day >= self.max_day
        )

    def count(self, leads: int) -> None:
        self.open += leads
        self.day += leads

    @property
    def state(self) -> tuple[int | None, ...]:
        return self.open, self.day, self.max_open, self.max_day


@dataclass(slots=True)
class Rotation:
    """A pool's books: leads distributed so far, and by rep the credit owed, in units of 1/LEAD of a lead.

    `rest` holds what no member holds: the indivisible remainder and what leavers left behind.
    The credits and the rest always sum to exactly zero.
    """

    turns: int = 0
    rest: int = 0
    credits: dict[int, int] = field(default_factory=dict)
