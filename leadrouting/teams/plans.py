"""The tables by which shares follow from weeks and quotas, and what reps have reached; read in three queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leadrouting.teams.models import Quota, QuotaStep, RampWeek, Rep
from leadrouting.teams.ramping import Attained, Ramp, period_after

Steps = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """`weeks` and `steps` by team, None standing for everybody; `attained` by rep."""

    weeks: Mapping[int | None, Steps]
    steps: Mapping[int | None, Steps]
    attained: Mapping[int, Attained]

    def ramp(self, rep: Rep) -> Ramp | None:
        return Ramp(rep.started_on, of_team(self.weeks, rep.team_id)) if rep.started_on else None


def of_team(tables: Mapping[int | None, Steps], team: int) -> Steps:
    """The team's own table, or that for everybody where the team has none."""
    return tables.get(team) or tables.get(None, ())


def read_tables() -> Tables:
    steps = by_team(QuotaStep.objects.order_by("reached").values_list("plan__team_id", "reached", "share"))
    weeks = by_team(RampWeek.objects.order_by("week").values_list("plan__team_id", "week", "share"))
    rows = Quota.objects.filter(rep__attainment__isnull=False).values_list(
        "rep_id",
        "rep__team_id",
        "target",
        "period",
        "rep__attainment__first_day",
        "rep__attainment__achieved",
    )
    attained = {
        rep: Attained(
            int(achieved * 100 // target),
            began,
            period_after(began, Quota.MONTHS[period]),
            of_team(steps, team),
        )
        for rep, team, target, period, began, achieved in rows
    }
    return Tables(weeks, steps, attained)


def by_team(rows: Iterable[tuple[int | None, int, int]]) -> dict[int | None, Steps]:
    found: dict[int | None, Steps] = {}
    for team, at, share in rows:
        found[team] = (*found.get(team, ()), (at, share))
    return found
