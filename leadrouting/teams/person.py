"""A rep as routing sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadrouting.businesstime import BusinessCalendar, CalendarError
from leadrouting.engine.roster import Member, Part, Why
from leadrouting.teams.models import Rep
from leadrouting.teams.ramping import Attained, Ramp

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

    ramp: Ramp | None = None
    attained: Attained | None = None

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
        """When their office opens next (UTC) and they are not absent. None: round the clock, or never again."""
        try:
            return None if self.calendar is None else self.next_opening_there(now)
        except CalendarError:
            return None  # all their hours are special days, and past

    def back(self, now: datetime) -> datetime | None:
        """When they are in office hours and not absent, from `now` on (UTC). None: never again."""
        try:
            return None if self.never_open else self.next_opening_there(now)
        except CalendarError:
            return None

    def next_opening_there(self, now: datetime) -> datetime | None:
        """Absences are left behind one after the other; each opens a later look into the calendar."""
        at = now
        for _ in range(len(self.absences) + 1):
            at = self.calendar.next_opening(at) if self.calendar is not None else at
            if (end := self.absent_until(at)) is None:
                return at
            if end.year == MAXYEAR:
                return None
            at = end.replace(tzinfo=self.zone).astimezone(UTC)
        return at

    def is_absent(self, now: datetime) -> bool:
        return self.absent_until(now) is not None

    def absent_until(self, now: datetime) -> datetime | None:
        """When the absence of `now` ends, by the clock on their wall (no zone, MAXYEAR: for good); those that follow
        without a gap are one. None: not absent."""
        if not self.absences:
            return None
        wall = end = self.wall(now)
        for begin, until, _ in sorted(self.absences, key=lambda absence: absence[0]):
            if begin <= end < until:
                end = until
        return end if end > wall else None

    def back_at(self, now: datetime) -> datetime | None:
        """The same as an instant (UTC); None: not absent, or for good."""
        end = self.absent_until(now)
        return None if end is None or end.year == MAXYEAR else end.replace(tzinfo=self.zone).astimezone(UTC)

    def wall(self, now: datetime) -> datetime:
        return now.astimezone(self.zone).replace(tzinfo=None)

    def backup_at(self, now: datetime) -> int | None:
        wall = self.wall(now)
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

    def as_member(self, weight: int = 1, parts: tuple[Part, ...] = ()) -> Member:
        return Member(
            self.rep, weight, self.max_open, self.max_day, self.max_hour, self.max_week, parts=parts
        )

    def parts(self, now: datetime) -> tuple[Part, ...]:
        """Why their share of every pool is not full at `now`, as far as it depends on the day."""
        sources = [source for source in (self.ramp, self.attained) if source is not None]
        found = [source.part(self.today(now)) for source in sources] if sources else []
        return tuple([part for part in found if part is not None])

    def turning_points(self) -> Iterator[datetime]:
        """The midnights where they are (UTC) at which these parts may change."""
        for source in (self.ramp, self.attained):
            for day in source.days() if source is not None else ():
                yield datetime.combine(day, time(), self.zone).astimezone(UTC)
