"""What the weekly report holds: plain values, ready for JSON, computed in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_noop

from leadrouting.analytics.counting import Counts, count
from leadrouting.analytics.figures import Figure
from leadrouting.analytics.grouping import GROUPINGS, GroupBy
from leadrouting.analytics.held import Held, held
from leadrouting.analytics.measures import eight_figures, figures
from leadrouting.analytics.suggestions import PoolWeek, pool_weeks
from leadrouting.engine.roster import Strategy
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Absence, Pool, Rep, Team

CONVERSION = timedelta(weeks=4)
"""Conversion per rep is of the leads of the four weeks up to the report's end: one week's are hardly decided."""


def span_of(week: date) -> tuple[datetime, datetime]:
    """Monday midnight to Monday midnight, UTC. ValueError: `week` is not a Monday."""
    if week.weekday() != 0:
        raise ValueError(f"{week} is not a Monday: a report's week begins on one")
    start = datetime.combine(week, time.min, tzinfo=UTC)
    return start, start + timedelta(days=7)


def content_of(team: Team, week: date, now: datetime) -> dict[str, Any]:
    """The report without its sentences (see `wording`). Open conversations are as of the week's end."""
    start, end = span_of(week)
    reps = {rep.pk: rep for rep in team.reps.select_related("user").order_by("user__name", "pk")}
    pools = Pool.objects.filter(memberships__rep__team=team).distinct().order_by("name")
    rows = rep_rows(reps, start, end)
    return {
        "team": team.name,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "figures": [shown(f) for f in eight_figures(start=start, end=end, now=end, team_ids=[team.pk])],
        "reps": rows,
        "inactive": [
            {"rep": row["rep"], "name": row["name"], "why": row["why"]} for row in rows if row["why"]
        ],
        "pools": [pool_content(one) for one in pool_weeks(pools, start, end, now)],
    }


def shown(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "value": figure.value, "shown": figure.shown, "parts": figure.parts}


def rep_rows(reps: Mapping[int, Rep], start: datetime, end: datetime) -> list[dict[str, Any]]:
    """One row for each rep who is active or had something to do. Three queries more, and those of `count`."""
    counts = held(reps, start, end)
    missed = dict(
        Clock.objects.filter(
            rep__in=reps, ended_at__gte=start, ended_at__lt=end, outcome=Clock.Outcome.MISSED
        )
        .values_list("rep")
        .annotate(missed=Count("pk"))
        .order_by("rep")
    )
    absent = set(
        Absence.objects.filter(
            rep__in=reps, first_day__lte=start.date() + timedelta(days=4), last_day__gte=start.date()
        ).values_list("rep", flat=True)
    )
    teams = {rep.team_id for rep in reps.values()}
    by_rep = count(start=end - CONVERSION, end=end, now=end, team_ids=list(teams), by=GROUPINGS[GroupBy.REP])
    rows = []
    for pk, rep in reps.items():
        one = counts.get(pk, Held())
        if rep.is_active or one != Held():
            conversion = {f.key: f for f in figures(by_rep.get(str(pk), Counts()))}["lead_conversion"]
            rows.append(
                {
                    "rep": pk,
                    "name": str(rep),
                    "active": rep.is_active,
                    **asdict(one),
                    "missed": missed.get(pk, 0),
                    "conversion": shown(conversion),
                    "why": why_inactive(rep, one, pk in absent),
                }
            )
    return rows


def why_inactive(rep: Rep, one: Held, was_absent: bool) -> str:
    """What an active rep did not do in the week; empty when all is well, or when they were away."""
    if not rep.is_active or was_absent or (one.received and one.acted):
        return ""
    if one.acted:
        return gettext_noop("received no lead")
    return (
        gettext_noop("accepted and answered no lead")
        if one.received
        else gettext_noop("received no lead, accepted and answered none")
    )


NOT_BY_WEIGHT = {
    Strategy.LEAST_LOADED: gettext_noop("gives each lead to who has the fewest open: weights hardly count"),
    Strategy.LEAST_UTILISED: gettext_noop(
        "gives each lead to who has the smallest share of the limit in use: weights hardly count"
    ),
    Strategy.CAPACITY: gettext_noop("takes turns by the limits of its members, too"),
    Strategy.PERFORMANCE: gettext_noop("takes turns by what its members win, too"),
}

TOO_FEW = {
    (False, False): gettext_noop("has no active member"),
    (False, True): gettext_noop("has no active member with a full share"),
    (True, False): gettext_noop("has one active member"),
    (True, True): gettext_noop("has one active member with a full share"),
}
"""By whether there is one at all, and whether others have less than a full share."""


def pool_content(week: PoolWeek) -> dict[str, Any]:
    """`weights` lists every member: key, name, weight now and suggested, open now and predicted."""
    pool = {"pool": week.pool.pk, "name": week.pool.name, "changed": False}
    if not week.can_be_weighed:
        few = TOO_FEW[bool(week.weights), any(week.reps[rep].is_active for rep in week.resting)]
        why = few if len(week.weights) < 2 else NOT_BY_WEIGHT[Strategy(week.pool.strategy)]
        return {
            **pool,
            "why": why,
            "weights": [],
            "index_now": None,
            "index_unchanged": None,
            "index_predicted": None,
        }
    found = week.suggestion()
    suggested = week.all_weights(found.weights) if found.changed else {**week.weights, **week.resting}
    return {
        **pool,
        "changed": found.changed,
        "why": "",
        "index_now": found.index_now,
        "index_unchanged": found.index_unchanged,
        "index_predicted": found.predicted_index,
        "weights": [
            {
                "rep": rep,
                "name": str(week.reps[rep]),
                "now": week.weights.get(rep, week.resting.get(rep)),
                "suggested": suggested[rep],
                "open": week.held.get(rep, Held()).open,
                "predicted_open": found.predicted_open.get(rep),
            }
            for rep in suggested
        ],
    }
