"""What the card of a rep shows beside the figures: the strip of hours, what was missed, what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from leadrouting.analytics.coaching import Record, Times
from leadrouting.analytics.figures import DASH, Unit, duration, plain, show
from leadrouting.assignments.judging import lasting
from leadrouting.assignments.models import Dispute, Feedback
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Absence, Rep

SHOWN = 8
STEPS = 4


@dataclass(frozen=True, slots=True)
class Hour:
    """`level` from 0, no lead, over 1, the fastest hours, to 4, the slowest; `x` is where the cell stands."""

    hour: int
    x: int
    leads: int
    level: int
    shown: str

    @property
    def label(self) -> str:
        return f"{self.hour:02}:00–{(self.hour + 1) % 24:02}:00"


def strip(hours: Mapping[int, Times]) -> list[Hour]:
    """All 24 hours. The slowest and the fastest hour of the day are the ends of the scale."""
    known = sorted(one.median for one in hours.values())
    low, high = (known[0], known[-1]) if known else (0.0, 0.0)
    return [cell(hour, hours.get(hour), low, high) for hour in range(24)]


def cell(hour: int, times: Times | None, low: float, high: float) -> Hour:
    if times is None:
        return Hour(hour, hour * 20, 0, 0, DASH)
    share = (times.median - low) / (high - low) if high > low else 0
    return Hour(hour, hour * 20, times.leads, min(STEPS, 1 + int(share * STEPS)), duration(times.median))


def figures(found: Record) -> list[tuple[str, str, str]]:
    """What it is, the rep's, the team's. A dash where nothing is to be divided."""
    own, team, counts = found.own.all, found.team.all, found.counts
    ended = counts.met + counts.missed
    return [
        (_("Response time, median"), span(own.leads, own.median), span(team.leads, team.median)),
        (_("Response time, nine of ten within"), span(own.leads, own.p90), span(team.leads, team.p90)),
        (_("Leads"), str(counts.leads), ""),
        (_("Won"), str(counts.won), number(found.team_won)),
        (_("Win rate"), percent(found.win_rate), percent(found.team_win_rate)),
        (_("Revenue"), plain(counts.revenue), number(found.team_revenue)),
        (_("Deadlines missed"), f"{counts.missed} ÷ {ended}" if ended else DASH, ""),
        (_("Fit, from 1 to 5"), f"{found.judged.fit:.1f}" if found.judged.fit is not None else DASH, ""),
    ]


def span(leads: int, seconds: float) -> str:
    return duration(seconds) if leads else DASH


def percent(share: float | None) -> str:
    return DASH if share is None else show(share * 100, Unit.PERCENT)


def number(value: float | None) -> str:
    return DASH if value is None else plain(value)


def missed(rep: Rep, start: datetime, end: datetime) -> list[Clock]:
    clocks = Clock.objects.filter(
        rep=rep, outcome=Clock.Outcome.MISSED, ended_at__gte=start, ended_at__lt=end
    )
    return list(clocks.select_related("lead").order_by("-ended_at", "-id")[:SHOWN])


def words(rep: Rep, start: datetime, end: datetime) -> list[Feedback]:
    said = Feedback.objects.filter(assignment__rep=rep, at__gte=start, at__lt=end).exclude(reason="")
    return list(said.select_related("assignment__lead")[:SHOWN])


def disputes(rep: Rep, start: datetime, end: datetime) -> list[Dispute]:
    made = lasting().filter(assignment__rep=rep, made_at__gte=start, made_at__lt=end)
    return list(made.select_related("assignment__lead").order_by("-made_at", "-id")[:SHOWN])


def ahead(rep: Rep, today: date) -> list[Absence]:
    return list(Absence.objects.filter(rep=rep, last_day__gte=today).order_by("first_day", "id")[:SHOWN])
