"""Who would have got past leads, handed out in order from a rotation that starts at nought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from leadrouting.assignments.asking import asking
from leadrouting.assignments.holding import first_opening
from leadrouting.assignments.insight.past import Past
from leadrouting.assignments.insight.sending import Sent
from leadrouting.engine.decide import decide
from leadrouting.engine.model import Rule
from leadrouting.engine.roster import Member, Roster, Rotation, Why
from leadrouting.engine.verdict import Case, Table, Verdict
from leadrouting.rules.live import Live
from leadrouting.teams.models import Rep
from leadrouting.teams.snapshot import People, Person

FOR_GOOD = 10**9
"""Seconds."""

Owner = int | None
"""A rep, or None for a queue."""


@dataclass(frozen=True, slots=True)
class Turns:
    """How many leads another person would have got: because they go elsewhere, or at the same place because
    another one's turn it was. `changed` counts both."""

    leads: int
    elsewhere: int
    other_turn: int

    @property
    def changed(self) -> int:
        return self.elsewhere + self.other_turn


def turns(before: Sequence[Sent], after: Sequence[Sent], old: Sequence[Owner], new: Sequence[Owner]) -> Turns:
    """`old` and `new` are the owners by each version, in the order of `before` and `after`."""
    elsewhere = other_turn = 0
    for was, goes, had, gets in zip(before, after, old, new, strict=True):
        if had != gets:
            moved = was.place != goes.place
            elsewhere += moved
            other_turn += not moved
    return Turns(len(before), elsewhere, other_turn)


def owners(live: Live, leads: Sequence[Past], sent: Sequence[Sent], people: People) -> list[Owner]:
    """In the order given, which is newest first; they are handed out oldest first. What a closed pool holds is
    handed out in its turn, to those who are there when it opens.

    Office hours, absences and shares by ramp-up are those at each lead's time; shares by quota and win rate
    are today's; presence and capacity are left out of account.
    """
    office = Office(people)
    catch_all = live.rule_set.catch_all
    found = [
        office.hand_out(lead, one.rule, catch_all)
        for lead, one in zip(reversed(leads), reversed(sent), strict=True)
    ]
    return found[::-1]


class Office:
    """Reps and pools without caps; rotations and counts from nought that go on from lead to lead."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.reps = {rep: at_their_desk(person) for rep, person in people.reps.items()}
        self.pools: Mapping[int, Roster] = {}
        named = {rep: Member(rep) for rep in people.reps}
        rotations = {pool: Rotation() for pool in people.pools}
        self.table = Table({}, rotations, {}, {}, named)

    def hand_out(self, lead: Past, rule: Rule | None, catch_all: int) -> Owner:
        """Each step is tried once, at the lead's time: waits are taken as over."""
        case = Case(
            lead=lead.lead,
            rule=rule,
            ladder=rule.ladder if rule is not None else (),
            catch_all=catch_all,
            lacking=self.people.lacking(rule.skills) if rule is not None else frozenset(),
            waiting=FOR_GOOD,
        )
        case = asking(case, lead.owners, lead.facts, self.people, lead.created_at)
        verdict = self.decide(case, lead.created_at)
        if verdict.held and (opening := first_opening(verdict.tried[-1:], self.people, lead.created_at)):
            verdict = self.decide(case, opening)
        return verdict.rep

    def decide(self, case: Case, at: datetime) -> Verdict:
        self.draw(at)
        self.table.unavailable = self.missing(case, at)
        return decide(case, self.table)

    def draw(self, at: datetime) -> None:
        """The rosters with the shares of that moment; drawn anew when somebody's share has changed since."""
        pools = self.people.at(at).pools
        if pools is not self.pools:
            self.pools = pools
            self.table.rosters = {pool: without_caps(roster) for pool, roster in pools.items()}

    def missing(self, case: Case, at: datetime) -> dict[int, Why]:
        reps: set[int] = set()
        for step in case.ladder:
            if (pool := case.pool_of(step)) is not None:
                reps |= self.pools[pool].rep_set
                if after := self.pools[pool].after_pool:
                    reps |= self.pools[after].rep_set
            elif (rep := case.rep_of(step)) is not None:
                reps.add(rep)
        found = {rep: self.reps[rep].unavailable(at) for rep in reps}
        return {rep: why for rep, why in found.items() if why is not None}


def at_their_desk(person: Person) -> Person:
    return replace(person, presence=Rep.Presence.AVAILABLE)


def without_caps(roster: Roster) -> Roster:
    members = tuple(Member(member.rep, member.weight, parts=member.parts) for member in roster.members)
    return replace(roster, members=members)
