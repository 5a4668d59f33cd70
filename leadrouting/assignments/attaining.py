"""What reps have won towards their quotas, and out of which pools: counted from leads, kept for routing.

Counting takes one statement for everybody. Only what has changed is written: each write makes every process
read the people again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from leadrouting.teams.models import Attainment, Quota, WinRate
from leadrouting.teams.ramping import first_of_period

WON_SINCE = """
    SELECT due.rep, coalesce(sum(lead.revenue), 0), count(lead.id)
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS due (rep, since)
    LEFT JOIN leads_lead lead ON lead.owner_id = due.rep AND lead.status = 'won'
        AND lead.closed_at >= due.since AND lead.closed_at BETWEEN %s AND %s
    GROUP BY due.rep
"""

CLOSED_BY_POOL = """
    SELECT pool.id, held.rep_id, count(*) FILTER (WHERE lead.status = 'won'), count(*)
    FROM leads_lead lead
    JOIN assignments_assignment held ON held.lead_id = lead.id AND held.ended_at IS NULL
    JOIN assignments_decision decision ON decision.id = held.decision_id
    JOIN teams_pool pool ON pool.id = (decision.tried->-1->>'id')::bigint
    WHERE lead.status IN ('won', 'lost') AND lead.closed_at <= %s
        AND lead.closed_at > %s - make_interval(days => pool.win_days)
        AND lead.closed_at > %s - (SELECT make_interval(days => max(win_days)) FROM teams_pool)
        AND decision.step IS NOT NULL AND decision.tried->-1->>'kind' = 'pool'
    GROUP BY pool.id, held.rep_id
"""
"""Leads that the pool's turn gave to who closed them. Junk is neither won nor lost; a lead that changed hands
counts for nobody who gave it away."""


@transaction.atomic
def count_attainment(now: datetime) -> int:
    """What every rep with a quota has won since the month or quarter began where they are. How many changed."""
    quotas = list(Quota.objects.select_related("rep").order_by("pk"))
    if not quotas:
        return 0
    first = {one.pk: first_day(one, now) for one in quotas}
    since = {one.pk: midnight(first[one.pk], one) for one in quotas}
    rows = asked(WON_SINCE, [list(since), list(since.values()), min(since.values()), now])
    won: dict[int, dict[str, Decimal]] = {
        rep: {Quota.Measure.MONEY.value: money, Quota.Measure.NUMBER.value: Decimal(number)}
        for rep, money, number in rows
    }
    known = {row.pk: (row.first_day, row.achieved) for row in Attainment.objects.all()}
    changed = [
        Attainment(rep_id=one.pk, first_day=first[one.pk], achieved=achieved, counted_at=now)
        for one in quotas
        if known.get(one.pk) != (first[one.pk], achieved := won[one.pk][one.measure])
    ]
    if changed:
        Attainment.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["rep"],
            update_fields=["first_day", "achieved", "counted_at"],
        )
    return len(changed)


@transaction.atomic
def count_win_rates(now: datetime) -> int:
    """Deals won and closed of every pool, by rep, in the pool's own number of days up to `now`. How many changed."""
    counted = {
        (pool, rep): (won, closed) for pool, rep, won, closed in asked(CLOSED_BY_POOL, [now, now, now])
    }
    rows = {(row.pool_id, row.rep_id): row for row in WinRate.objects.all()}
    known = {key: (row.won, row.closed) for key, row in rows.items()}
    changed = [
        WinRate(pool_id=pool, rep_id=rep, won=won, closed=closed)
        for (pool, rep), (won, closed) in counted.items()
        if known.get((pool, rep)) != (won, closed)
    ]
    if changed:
        WinRate.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["pool", "rep"],
            update_fields=["won", "closed"],
        )
    if gone := [row.pk for key, row in rows.items() if key not in counted]:
        WinRate.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)


def first_day(quota: Quota, now: datetime) -> date:
    return first_of_period(now.astimezone(ZoneInfo(quota.rep.time_zone)).date(), quota.months)


def midnight(day: date, quota: Quota) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(quota.rep.time_zone))


def asked(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
