"""Everything about people that routing needs, read once per change of the configuration."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from leadrouting.businesstime import BusinessCalendar
from leadrouting.common.models import Stamp
from leadrouting.engine.roster import Roster, Why
from leadrouting.engine.verdict import StandIn
from leadrouting.teams.backups import stand_in
from leadrouting.teams.calendars import calendars
from leadrouting.teams.drawing import drafts, drawn, parts_at
from leadrouting.teams.languages import Languages, read_languages
from leadrouting.teams.models import Absence, Rep, RepSkill, Team
from leadrouting.teams.person import Person
from leadrouting.teams.plans import Tables, read_tables
from leadrouting.teams.territories import Atlas, atlas

__all__ = ["Attendance", "People", "Person", "TeamCap", "people", "people_now", "read_people"]

ERAS = 8
"""How many moments' rosters are kept: routing needs one, comparisons walk through the past."""


@dataclass(frozen=True, slots=True)
class TeamCap:
    """What the reps of a team may carry together."""

    max_open: int | None
    max_day: int | None
    reps: frozenset[int]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who of a pool is not there in one minute, whether anybody is, and whether anybody is when hours don't count."""

    minute: datetime
    missing: Mapping[int, Why]
    anybody: bool
    anybody_at_any_hour: bool


@dataclass(frozen=True, slots=True)
class People:
    """One reading. Rosters in `pools` carry id 0; `assignments` keeps them under their stored ids in `stored`.

    Shares change at midnights, though nobody changes anything: whoever needs weights asks `at` a moment. A
    reading that was not asked counts every share that depends on the day as full.
    """

    stamp: int
    reps: Mapping[int, Person]
    pools: Mapping[int, Roster]
    atlas: Atlas
    team_caps: Mapping[int, TeamCap] = field(default_factory=dict)
    """By team: only of those that have a cap."""
    stored: dict[int, Roster] = field(default_factory=dict)
    attendances: dict[int, Attendance] = field(default_factory=dict)
    languages: Languages = field(default_factory=Languages)
    """Empty unless a pool asks for the lead's language."""
    unskilled: dict[tuple[tuple[int, int], ...], frozenset[int]] = field(default_factory=dict)
    drafts: Mapping[int, Roster] = field(default_factory=dict)
    changes: Sequence[datetime] = ()
    """When somebody's share may change (UTC), in order."""
    eras: dict[int, People] = field(default_factory=dict)
    """By the number of changes that are past; not more than ERAS."""

    def at(self, now: datetime) -> People:
        """The same people with the shares of that moment. From one change to the next it is the same reading."""
        if not self.changes:
            return self
        era = bisect_right(self.changes, now)
        known = self.eras.get(era)
        if known is None:
            moment = self.changes[era - 1] if era else self.changes[0] - timedelta.resolution
            if len(self.eras) >= ERAS:
                self.eras.pop(next(iter(self.eras)), None)
            known = replace(self, pools=self.rosters(moment), stored={}, attendances={})
            self.eras[era] = known
        return known

    def rosters(self, moment: datetime) -> dict[int, Roster]:
        parts = parts_at(self.reps, moment)
        nobody = frozenset(parts).isdisjoint
        return {
            pool: drawn(roster, {} if nobody(roster.rep_set) else parts)
            for pool, roster in self.drafts.items()
        }

    def unavailable(self, reps: Iterable[int], now: datetime) -> dict[int, Why]:
        """Why some of these reps get no lead at `now`."""
        found = ((rep, self.reps[rep].unavailable(now)) for rep in reps)
        return {rep: why for rep, why in found if why is not None}

    def stand_in(self, rep: int, now: datetime, first: int | None = None) -> StandIn | None:
        """See `backups.stand_in`."""
        return stand_in(self.reps, rep, now, first)

    def lacking(self, skills: tuple[tuple[int, int], ...]) -> frozenset[int]:
        """All reps who do not have these skills at these levels."""
        if not skills:
            return frozenset()
        known = self.unskilled.get(skills)
        if known is None:
            known = frozenset(rep for rep, person in self.reps.items() if not person.has(skills))
            self.unskilled[skills] = known
        return known

    def attendance(self, pool: int, now: datetime) -> Attendance:
        """Who of a pool is there. Hours and days begin on whole minutes, so one answer serves for a minute."""
        minute = now.replace(second=0, microsecond=0)
        known = self.attendances.get(pool)
        if known is None or known.minute != minute:
            reps = self.pools[pool].reps
            missing = self.unavailable(reps, now)
            asleep = sum(why is Why.OUTSIDE_HOURS for why in missing.values())
            known = Attendance(minute, missing, len(reps) > len(missing), len(reps) > len(missing) - asleep)
            self.attendances[pool] = known
        return known


def read_people(stamp: int) -> People:
    """Read all of it, in a handful of queries. Raises CalendarError for office hours that never open."""
    by_hours = calendars()
    teams = {team.pk: team for team in Team.objects.all()}
    absences: dict[int, list[tuple[datetime, datetime, int | None]]] = {}
    for absence in Absence.objects.all():
        absences.setdefault(absence.rep_id, []).append((*absence.span, absence.backup_id))
    skills: dict[int, dict[int, int]] = {}
    for rep_id, skill, level in RepSkill.objects.values_list("rep_id", "skill_id", "level"):
        skills.setdefault(rep_id, {})[skill] = level
    tables = read_tables()
    reps = {
        rep.pk: person(rep, teams[rep.team_id], by_hours, absences, skills.get(rep.pk, {}), tables)
        for rep in Rep.objects.select_related("user")
    }
    typed = drafts(reps)
    return People(
        stamp=stamp,
        reps=reps,
        pools={pool: drawn(roster, {}) for pool, roster in typed.items()},
        atlas=atlas(),
        team_caps=team_caps(teams.values(), reps),
        languages=read_languages(any(roster.language for roster in typed.values())),
        drafts=typed,
        changes=sorted({at for person in reps.values() for at in person.turning_points()}),
    )


def person(
    rep: Rep,
    team: Team,
    by_hours: Mapping[int, BusinessCalendar | None],
    absences: Mapping[int, list[tuple[datetime, datetime, int | None]]],
    skills: Mapping[int, int],
    tables: Tables,
) -> Person:
    hours = rep.office_hours_id or team.office_hours_id
    return Person(
        rep=rep.pk,
        team=team.pk,
        manager=team.manager_id,
        name=str(rep.user),
        is_active=rep.is_active,
        presence=rep.presence,
        zone=ZoneInfo(rep.time_zone),
        calendar=by_hours[hours] if hours else None,
        never_open=hours is not None and by_hours[hours] is None,
        max_open=rep.max_open,
        max_day=rep.max_day,
        max_hour=rep.max_hour,
        max_week=rep.max_week,
        absences=tuple(absences.get(rep.pk, ())),
        skills=skills,
        backup=rep.backup_id,
        ramp=tables.ramp(rep),
        attained=tables.attained.get(rep.pk),
    )


def team_caps(teams: Iterable[Team], reps: Mapping[int, Person]) -> dict[int, TeamCap]:
    return {
        team.pk: TeamCap(
            team.max_open,
            team.max_day,
            frozenset(person.rep for person in reps.values() if person.team == team.pk),
        )
        for team in teams
        if team.max_open is not None or team.max_day is not None
    }


_latest: People | None = None


def people_now() -> People:
    """The reading of the present configuration. One query, and the reading itself when something has changed."""
    return people(Stamp.objects.values_list("version", flat=True).first() or 0)


def people(stamp: int) -> People:
    """The reading that belongs to `stamp`, from this process's memory when it is still the same."""
    global _latest
    if _latest is None or _latest.stamp != stamp:
        _latest = read_people(stamp)
    return _latest
