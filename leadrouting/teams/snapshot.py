"""Everything about people that routing needs, read once per change of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.engine.roster import AbsencePolicy, Member, Roster, Strategy, Why
from leadrouting.teams.calendars import calendars
from leadrouting.teams.models import Absence, Membership, Pool, Rep, RepSkill, Team
from leadrouting.teams.shares import weighed
from leadrouting.teams.territories import Atlas, atlas

PRESENCE: dict[str, Why] = {Rep.Presence.BUSY: Why.BUSY, Rep.Presence.AWAY: Why.AWAY}


@dataclass(frozen=True, slots=True)
class Person:
    """A rep as routing sees them. `calendar` is None when they work around the clock."""

    rep: int
    team: int
    manager: int
    name: str
    is_active: bool
    presence: str
    zone: ZoneInfo
    calendar: BusinessCalendar | None
    never_open: bool
    max_open: int | None
    max_day: int | None
    max_hour: int | None
    max_week: int | None
    absences: tuple[tuple[datetime, datetime, int | None], ...]
    """From when until before when, by the clock on their wall (no zone), and the backup of that absence."""
    skills: Mapping[int, int] = field(default_factory=dict)
    """Level by skill."""
    backup: int | None = None
    """Who stands in while they are absent or switched off, unless the absence names somebody else."""

    def unavailable(self, now: datetime) -> Why | None:
        """Why this rep gets no lead at `now`; None when available. Capacity is not asked here."""
        if not self.is_active:
            return Why.INACTIVE
        if self.absences and self.is_absent(now):
            return Why.ABSENT
        if self.presence in PRESENCE:
            return PRESENCE[self.presence]
        if self.never_open or (self.calendar is not None and not self.calendar.is_open(now)):
            return Why.OUTSIDE_HOURS
        return None

    def next_opening(self, now: datetime) -> datetime | None:
        """When their office opens next (UTC). None: round the clock, or never again."""
        try:
            return None if self.calendar is None else self.calendar.next_opening(now)
        except CalendarError:
            return None  # all their hours are special days, and past

    def is_absent(self, now: datetime) -> bool:
        wall = now.astimezone(self.zone).replace(tzinfo=None)
        return any(begin <= wall < end for begin, end, _ in self.absences)

    def backup_at(self, now: datetime) -> int | None:
        wall = now.astimezone(self.zone).replace(tzinfo=None)
        named = (backup for begin, end, backup in self.absences if begin <= wall < end)
        return next(named, None) or self.backup

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def hour(self, now: datetime) -> datetime:
        """When the hour on their clock began (UTC)."""
        return now.astimezone(self.zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)

    def week(self, now: datetime) -> date:
        """The Monday of their week."""
        today = self.today(now)
        return today - timedelta(days=today.weekday())

    def has(self, skills: Iterable[tuple[int, int]]) -> bool:
        """Whether the rep has each of these skills at this level or above."""
        return all(self.skills.get(skill, 0) >= level for skill, level in skills)

    def as_member(self, weight: int = 1) -> Member:
        return Member(self.rep, weight, self.max_open, self.max_day, self.max_hour, self.max_week)


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
    """One reading. Rosters in `pools` carry id 0; `assignments` keeps them under their stored ids in `stored`."""

    stamp: int
    reps: Mapping[int, Person]
    pools: Mapping[int, Roster]
    atlas: Atlas
    team_caps: Mapping[int, TeamCap] = field(default_factory=dict)
    """By team: only of those that have a cap."""
    stored: dict[int, Roster] = field(default_factory=dict)
    attendances: dict[int, Attendance] = field(default_factory=dict)
    unskilled: dict[tuple[tuple[int, int], ...], frozenset[int]] = field(default_factory=dict)

    def unavailable(self, reps: Iterable[int], now: datetime) -> dict[int, Why]:
        """Why some of these reps get no lead at `now`."""
        found = ((rep, self.reps[rep].unavailable(now)) for rep in reps)
        return {rep: why for rep, why in found if why is not None}

    def territory_owner(self, path: Sequence[str], now: datetime) -> int | None:
        """The rep of the deepest territory on this path that has an owner at `now`; the backup in their absence."""
        for code in reversed(path):
            owner = self.atlas.owner_of(code, now)
            if owner is not None:
                backup = self.atlas.backups.get(code)
                return backup if backup is not None and self.is_gone(owner, now) else owner
        return None

    def is_gone(self, rep: int, now: datetime) -> bool:
        """Whether the rep is switched off, or absent today where they are."""
        person = self.reps[rep]
        return not person.is_active or person.is_absent(now)

    def stand_in(self, rep: int, now: datetime) -> int:
        """Who takes the leads that go to this rep by name: the rep, or while the rep is absent or switched off
        the backup; the backup's backup when that one is gone as well. The rep, when nobody is there."""
        asked, one = {rep}, rep
        while self.is_gone(one, now):
            backup = self.reps[one].backup_at(now)
            if backup is None or backup in asked:
                return rep
            asked.add(backup)
            one = backup
        return one

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
    reps = {
        rep.pk: person(rep, teams[rep.team_id], by_hours, absences, skills.get(rep.pk, {}))
        for rep in Rep.objects.select_related("user")
    }
    return People(
        stamp=stamp, reps=reps, pools=rosters(reps), atlas=atlas(), team_caps=team_caps(teams.values(), reps)
    )


def person(
    rep: Rep,
    team: Team,
    by_hours: Mapping[int, BusinessCalendar | None],
    absences: Mapping[int, list[tuple[datetime, datetime, int | None]]],
    skills: Mapping[int, int],
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


def rosters(reps: Mapping[int, Person]) -> dict[int, Roster]:
    members: dict[int, list[Member]] = {}
    for membership in Membership.objects.order_by("pool_id", "id"):
        members.setdefault(membership.pool_id, []).append(
            reps[membership.rep_id].as_member(membership.weight)
        )
    by_team: dict[int, list[Member]] = {}
    for one in sorted(reps.values(), key=lambda person: person.rep):
        by_team.setdefault(one.team, []).append(one.as_member())
    return {
        pool.pk: Roster(
            id=0,
            pool=pool.pk,
            strategy=Strategy(pool.strategy),
            members=weighed(
                Strategy(pool.strategy),
                by_team.get(pool.team_id, ()) if pool.team_id else members.get(pool.pk, ()),
            ),
            absence=AbsencePolicy(pool.absence),
            catch_up_limit=pool.catch_up_limit,
            any_hour=pool.after_hours == Pool.AfterHours.ASSIGN,
            after_pool=(pool.after_hours == Pool.AfterHours.POOL and pool.after_pool_id) or 0,
        )
        for pool in Pool.objects.all()
    }


_latest: People | None = None


def people(stamp: int) -> People:
    """The reading that belongs to `stamp`, from this process's memory when it is still the same."""
    global _latest
    if _latest is None or _latest.stamp != stamp:
        _latest = read_people(stamp)
    return _latest
