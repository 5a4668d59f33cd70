"""One rep beside their team, for a talk between two people. Plain values in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Count

from leadrouting.analytics.counting import FIRST_REPLIES, Counts, count
from leadrouting.analytics.grouping import GROUPINGS, GroupBy
from leadrouting.assignments import judging
from leadrouting.assignments.judging import Judged
from leadrouting.leads.models import Activity
from leadrouting.teams.models import Rep

REPLIES = f"""
    WITH reply AS (
        SELECT first.source, first.rep_id, extract(hour FROM started_at AT TIME ZONE %(zone)s)::int AS hour,
            extract(epoch FROM responded_at - started_at)::float AS took
        FROM ({FIRST_REPLIES}) first
        WHERE rep_id IN (SELECT user_id FROM teams_rep WHERE team_id = %(team)s)
    ), told AS (
        SELECT TRUE AS own, * FROM reply WHERE rep_id = %(rep)s UNION ALL SELECT FALSE, * FROM reply
    )
    SELECT own, GROUPING(source) = 0, GROUPING(hour) = 0, source, hour, count(*),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.9) WITHIN GROUP (ORDER BY took)
    FROM told GROUP BY GROUPING SETS ((own), (own, source), (own, hour))
"""  # noqa: S608  no values, only text of this file


@dataclass(frozen=True, slots=True)
class Times:
    """Of `leads` first replies: seconds from assignment, the median and what nine of ten stay below."""

    leads: int = 0
    median: float = 0
    p90: float = 0


@dataclass(frozen=True, slots=True)
class Replies:
    """`hours` are those of the day, 0 to 23, where the rep is, when the lead was assigned."""

    all: Times
    sources: dict[str, Times]
    hours: dict[int, Times]


@dataclass(frozen=True, slots=True)
class Record:
    """`counts` are the rep's; `win_rate`, `won` and `revenue` of the team are medians of its reps who had leads."""

    own: Replies
    team: Replies
    counts: Counts
    team_win_rate: float | None
    team_won: float | None
    team_revenue: float | None
    declines: list[tuple[str, int]]
    judged: Judged

    @property
    def win_rate(self) -> float | None:
        return win_rate(self.counts)


def record(rep: Rep, *, zone: str, start: datetime, end: datetime) -> Record:
    """Of `[start, end)`, counted as the figures are: leads by when they were created, clocks by when they ended."""
    own, team = replies(rep, zone=zone, start=start, end=end)
    counts = by_rep(rep.team_id, start, end)
    with_leads = [one for one in counts.values() if one.leads]
    return Record(
        own=own,
        team=team,
        counts=counts.get(str(rep.pk), Counts()),
        team_win_rate=median([one.won / one.leads for one in with_leads]) if with_leads else None,
        team_won=median([one.won for one in with_leads]) if with_leads else None,
        team_revenue=median([one.revenue for one in with_leads]) if with_leads else None,
        declines=declines(rep, start, end),
        judged=judging.by_rep([rep.pk], start, end).get(rep.pk, Judged()),
    )


def win_rate(counts: Counts) -> float | None:
    return counts.won / counts.leads if counts.leads else None


def by_rep(team: int, start: datetime, end: datetime) -> Mapping[str, Counts]:
    return count(start=start, end=end, now=end, team_ids=[team], by=GROUPINGS[GroupBy.REP])


def declines(rep: Rep, start: datetime, end: datetime) -> list[tuple[str, int]]:
    """Why the rep passed leads on, the most frequent first."""
    said = Activity.objects.filter(
        actor=rep.pk, kind=Activity.Kind.DECLINED, at__gte=start, at__lt=end
    ).order_by()
    return list(said.values_list("text").annotate(number=Count("pk")).order_by("-number", "text"))


def replies(rep: Rep, *, zone: str, start: datetime, end: datetime) -> tuple[Replies, Replies]:
    """The rep's and all of the team's, the rep's among them. One query."""
    values = {"rep": rep.pk, "team": rep.team_id, "zone": zone, "start": start, "end": end}
    with connection.cursor() as cursor:
        cursor.execute(REPLIES, values)
        rows = cursor.fetchall()
    return of(rows, own=True), of(rows, own=False)


def of(rows: list[tuple[Any, ...]], *, own: bool) -> Replies:
    found = [row for row in rows if row[0] is own]
    return Replies(
        all=next((Times(*row[5:]) for row in found if not row[1] and not row[2]), Times()),
        sources={row[3]: Times(*row[5:]) for row in found if row[1]},
        hours={row[4]: Times(*row[5:]) for row in found if row[2]},
    )
