"""A stored verdict decided again from what it stored: an honest record equals the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from leadrouting.engine.decide import decide
from leadrouting.engine.model import OWNERS, Rule, Step, StepKind
from leadrouting.engine.roster import Load, Member, Roster, Rotation, TeamLoad, Why
from leadrouting.engine.verdict import Case, StandIn, Table, Tried, Verdict

_RESOLVED_BEFORE = {Why.INACTIVE, Why.AWAY, Why.BUSY, Why.ABSENT, Why.OUTSIDE_HOURS}


def replay(
    verdict: Verdict,
    *,
    ladder: Sequence[Step],
    catch_all: int,
    rosters: Mapping[int, Roster],
) -> Verdict:
    """Decide again from what `verdict` stored; an honest record equals the outcome.

    `rosters` are roster versions by their own id. What was resolved before the decision (availability, who
    already had the lead, owners, stand-ins, skills, languages, presence, full teams, the time waited) is read back from what was tried.
    NeedsPool, KeyError: the ladder goes where the stored verdict never looked; that is a difference too.
    """
    known = _Known()
    for tried in verdict.tried:
        known.read(tried, rosters)
    case = Case(
        lead=verdict.lead,
        rule=None if verdict.rule is None else Rule(verdict.rule, ""),
        ladder=tuple(ladder),
        catch_all=catch_all,
        had=frozenset(known.had),
        owners=known.owners,
        stand_ins=known.stand_ins,
        territory=known.territory,
        territory_pool=known.territory_pool,
        language=known.language,
        silent=known.silent,
        lacking=frozenset(known.lacking),
        waiting=max((tried.waited for tried in verdict.tried), default=0),
        hold=verdict.queue or 0,
    )
    return decide(case, known.table())


@dataclass(slots=True)
class _Known:
    """What the steps that were tried tell of the moment of the decision."""

    pools: dict[int, Roster] = field(default_factory=dict)
    rotations: dict[int, Rotation] = field(default_factory=dict)
    loads: dict[int, Load] = field(default_factory=dict)
    unavailable: dict[int, Why] = field(default_factory=dict)
    named: dict[int, Member] = field(default_factory=dict)
    owners: dict[StepKind, int] = field(default_factory=dict)
    stand_ins: dict[tuple[StepKind, int], StandIn] = field(default_factory=dict)
    territory: str = ""
    territory_pool: int = 0
    language: str = ""
    silent: dict[int, frozenset[int]] = field(default_factory=dict)
    reps: set[int] = field(default_factory=set)
    had: set[int] = field(default_factory=set)
    lacking: set[int] = field(default_factory=set)
    not_present: set[int] = field(default_factory=set)
    teams: dict[int, TeamLoad] = field(default_factory=dict)

    def read(self, tried: Tried, rosters: Mapping[int, Roster]) -> None:
        reps: tuple[int, ...] = (tried.id,)
        if tried.roster is not None:
            roster = rosters[tried.roster]
            reps = roster.reps
            credits = dict(zip(reps, tried.credits, strict=True)) if tried.credits else {}
            self.pools[tried.id], self.rotations[tried.id] = roster, Rotation(0, tried.rest, credits)
            if tried.territory:
                self.territory, self.territory_pool = tried.territory, tried.id
            if mute := tried.reasons.get(Why.LACKS_LANGUAGE):
                self.language = tried.language
                self.silent[roster.language] = self.silent.get(roster.language, frozenset()).union(mute)
        elif tried.kind is StepKind.REP or tried.kind in OWNERS:
            self.named[tried.id] = Member(tried.id, 1, *(tried.caps or (None, None)))
        if tried.kind in OWNERS and tried.id:
            self.owners[tried.kind] = tried.stands_in.of if tried.stands_in else tried.id
        if tried.stands_in is not None:
            self.stand_ins[tried.kind, tried.stands_in.of] = tried.stands_in
        if tried.loads:
            kinds = [tried.loads[at : at + len(reps)] for at in range(0, len(tried.loads), len(reps))]
            self.loads.update(zip(reps, map(Load, *kinds), strict=True))
        self.reps.update(reps)
        for reason, members in tried.reasons.items():
            self.read_reason(reason, members)
        if tried.after_hours and tried.picked is not None:
            self.unavailable[tried.picked] = Why.OUTSIDE_HOURS
        if tried.team is not None and tried.picked is not None:
            open_, day, max_open, max_day = tried.team
            self.teams[tried.picked] = TeamLoad(open_ or 0, day or 0, max_open, max_day)

    def read_reason(self, reason: str, members: tuple[int, ...]) -> None:
        if reason in _RESOLVED_BEFORE:
            self.unavailable.update(dict.fromkeys(members, Why(reason)))
        elif reason == Why.ALREADY_HAD:
            self.had.update(members)
        elif reason == Why.LACKS_SKILL:
            self.lacking.update(members)
        elif reason == Why.TEAM_FULL:
            self.teams.update({rep: TeamLoad(0, 0, 0, None) for rep in members})
        elif reason == Why.NOT_PRESENT:
            self.not_present.update(members)

    def table(self) -> Table:
        present = frozenset(self.reps - self.not_present)
        return Table(
            self.pools, self.rotations, self.loads, self.unavailable, self.named, present, self.teams
        )
