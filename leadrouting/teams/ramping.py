"""Shares that depend on the day: of who is new, and of who has reached a quota. Days are the rep's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from leadrouting.engine.roster import Part

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Ramp:
    """The share by week since `began`; `weeks` lists (week from 1, percent) in order. After the last it is full."""

    began: date
    weeks: tuple[tuple[int, int], ...]

    def part(self, day: date) -> Part | None:
        """Why the share of that day is not full; None when it is. Before the first day there is none."""
        week = (day - self.began).days // 7 + 1
        if week < 1:
            return Part("ramp", 0, 0)
        if not self.weeks or week > self.weeks[-1][0]:
            return None
        share = next((share for number, share in reversed(self.weeks) if number <= week), 100)
        return Part("ramp", week, share) if share != 100 else None

    def days(self) -> Iterator[date]:
        """On which the share may change."""
        last = self.weeks[-1][0] if self.weeks else 0
        return (self.began + number * WEEK for number in range(last + 1))


@dataclass(frozen=True, slots=True)
class Attained:
    """How much of a quota has been reached since `first_day`, before `next_day`; `steps` lists (from percent,
    share in percent) in order."""

    percent: int
    first_day: date
    next_day: date
    steps: tuple[tuple[int, int], ...]

    def part(self, day: date) -> Part | None:
        if not self.first_day <= day < self.next_day:
            return None
        reached, share = next((step for step in reversed(self.steps) if step[0] <= self.percent), (0, 100))
        return Part("quota", reached, share) if share != 100 else None

    def days(self) -> Iterator[date]:
        return iter((self.first_day, self.next_day) if self.part(self.first_day) else ())


def period_after(first_day: date, months: int) -> date:
    """The first day of the period that follows one of so many months; `first_day` is the first of a month."""
    month = first_day.month - 1 + months
    return date(first_day.year + month // 12, month % 12 + 1, 1)


def first_of_period(day: date, months: int) -> date:
    """The first day of the month (1) or quarter (3) that this day is in."""
    return date(day.year, day.month - (day.month - 1) % months, 1)
