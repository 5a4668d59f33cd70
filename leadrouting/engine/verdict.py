"""What a decision is made from, and what it says: a case, the table it is decided at, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.roster import Load, Member, Roster, Rotation, Strategy, TeamLoad, Why


@dataclass(frozen=True, slots=True)
class StandIn:
    """`rep` gets what goes to `of` by name, who is not there for `why`: absent, or not active any more.

    `until` is when `of` is back, by the clock on their wall (ISO, a day or a day and time; empty: nobody knows).
    `via` are the backups who were asked before, and are gone as well.
    """

    rep: int
    of: int
    why: Why
    until: str = ""
    via: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One lead with the rule that matched and its ladder; `had` are the reps who already had the lead.

    `owners` says who the steps mean that name an owner; who is unknown is left out. `stand_ins` says, by the
    kind of step and the rep whom it names, who takes it instead. Where a pool owns the lead's territory it is
    `territory_pool`, and `territory` the code. `silent` are, by level, the reps who do not speak
    the lead's `language` (its name) at that level; none when it is not known. `lacking` are the reps
    without the rule's skills. `waiting`: whole seconds since the lead began to look for an owner. `hold` is
    the queue in which it stays while a step's wait is not over.
    """

    lead: int
    rule: Rule | None
    ladder: tuple[Step, ...]
    catch_all: int
    had: frozenset[int] = frozenset()
    owners: Mapping[StepKind, int] = field(default_factory=dict)
    lacking: frozenset[int] = frozenset()
    waiting: int = 0
    hold: int = 0
    stand_ins: Mapping[tuple[StepKind, int], StandIn] = field(default_factory=dict)
    territory: str = ""
    territory_pool: int = 0
    language: str = ""
    silent: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def named(self, step: Step) -> int | None:
        """Whom the step names, itself or by what they are to the lead; None for pools, queues and unknown owners."""
        return step.id if step.kind is StepKind.REP else self.owners.get(step.kind)

    def pool_of(self, step: Step) -> int | None:
        """The pool that the step asks; None when it asks a rep, or a queue."""
        if step.kind is StepKind.POOL:
            return step.id
        return (step.kind is StepKind.TERRITORY_OWNER and self.territory_pool) or None

    def stand_in(self, step: Step) -> StandIn | None:
        """Who stands in for the rep whom the step names."""
        if not self.stand_ins or (named := self.named(step)) is None:
            return None
        return self.stand_ins.get((step.kind, named))

    def rep_of(self, step: Step) -> int | None:
        """Whom the step asks: the rep whom it names, or who stands in."""
        return found.rep if (found := self.stand_in(step)) is not None else self.named(step)

    def waits_for(self, step: Step) -> bool:
        """Whether the lead is held for this step while nobody there can take it."""
        return step.wait * 60 > self.waiting


@dataclass(slots=True)
class Table:
    """Everything that a batch shares. `decide` advances `rotations` and `loads` in place.

    `unavailable` holds, by rep, INACTIVE, AWAY, BUSY, ABSENT or OUTSIDE_HOURS, resolved before, at `now`.
    Every rep that a ladder names is in `named`, unless they are INACTIVE and the like. No load means none.
    `present` are the reps who have their pages open; None: nobody looked, and steps cannot ask for it.
    """

    rosters: Mapping[int, Roster]  # by pool id
    rotations: dict[int, Rotation]  # by pool id
    loads: dict[int, Load]  # by rep id
    unavailable: Mapping[int, Why]  # by rep id
    named: Mapping[int, Member]  # by rep id
    present: frozenset[int] | None = None
    teams: Mapping[int, TeamLoad] = field(default_factory=dict)  # by rep id: only of teams with a cap


@dataclass(frozen=True, slots=True)
class Tried:
    """One step of the ladder as it was considered, with what a replay of it needs.

    `reasons` groups those who were not picked by cause, in roster order. `credits` (aligned with the
    roster's members) and `rest` are as they were before the pick, after leavers were settled; empty where
    the rotation had no say. `loads` is every member's open count followed by every member's day count
    and, where somebody has a cap by hour or week, every member's of these; empty where nobody has a cap and
    the strategy does not look at loads. `caps` (open, day, and then perhaps hour, week) are those of a rep who
    is named and has any; a roster knows its own. `team` (open, day and the caps of both) is what the team of
    who was picked carried before, where it has a cap. `after_hours`: who was picked is outside office hours, which do
    not count for this pool. A step that names an owner carries the rep's id, or
    0 when nobody is known; where somebody stands in, theirs, and `stands_in` says for whom; where
    a pool owns the territory (its code), it is a step of that pool. `language` is
    the lead's, where somebody does not speak it. `until_opening`: the pool is closed, and holds the lead. Where nobody could take the lead and the step has a `wait` (minutes), `waited` says
    for how many seconds the lead had been waiting.
    """

    step: int
    kind: StepKind
    id: int
    roster: int | None = None
    strategy: Strategy | None = None
    picked: int | None = None
    reasons: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    credits: tuple[int, ...] = ()
    rest: int = 0
    loads: tuple[int, ...] = ()
    caps: tuple[int | None, ...] | None = None
    wait: int = 0
    waited: int = 0
    team: tuple[int | None, ...] | None = None
    after_hours: bool = False
    stands_in: StandIn | None = None
    territory: str = ""
    language: str = ""
    until_opening: bool = False

    @property
    def holds(self) -> bool:
        """Nobody could take the lead, and the wait was not over, or the pool holds it until it opens."""
        return self.until_opening or self.wait * 60 > self.waited


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a lead goes: to `rep` or into `queue`, never both. `step` None: the catch-all queue took it, or
    the lead is held in `queue` for the last step that was tried.

    `passed_cap`: the rep was at a cap, and the step said to ignore capacity.
    """

    lead: int
    rule: int | None
    step: int | None
    rep: int | None
    queue: int | None
    tried: tuple[Tried, ...]
    passed_cap: bool = False

    @property
    def held(self) -> bool:
        """The lead waits for a step; the steps after it have not been tried yet."""
        return self.step is None and bool(self.tried) and self.tried[-1].holds

    @property
    def won(self) -> Tried | None:
        """The step that took the lead, if any did."""
        return self.tried[-1] if self.step is not None else None

    @property
    def is_of_territory(self) -> bool:
        """A rep got it from the pool that owns the lead's territory, or from that one's after-hours pool."""
        return self.rep is not None and any(one.territory and one.step == self.step for one in self.tried)


class NeedsPool(Exception):
    """The ladder reached a pool that is not on the table: lock it, add it, start again."""

    def __init__(self, pool: int) -> None:
        super().__init__(pool)
        self.pool = pool
