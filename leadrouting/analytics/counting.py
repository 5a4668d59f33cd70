"""The counts behind the figures, for any number of groups: two statements.

Each statement turns what happened into `event` rows (a lead was received, a first reply was given, a clock
ended, an assignment began; a conversation is open), tags them with their group, and counts by tag.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from django.db import connection

from leadrouting.analytics.grouping import ALL, Grouping

PEOPLE = """
    people AS (
        SELECT user_id, is_active FROM teams_rep
        WHERE %(teams)s::bigint[] IS NULL OR team_id = ANY(%(teams)s)
    )
"""

FIRST_REPLIES = """
    SELECT DISTINCT ON (a.lead_id) a.lead_id, a.rep_id, a.started_at, a.responded_at, l.created_at, l.source
    FROM assignments_assignment a JOIN leads_lead l ON l.id = a.lead_id
    WHERE a.responded_at IS NOT NULL AND l.created_at >= %(start)s AND l.created_at < %(end)s
        AND l.merged_into_id IS NULL
    ORDER BY a.lead_id, a.responded_at
"""
"""A lead's first reply, and whose it was: what every figure of response times is made of."""

COUNTED = {
    "leads": "count(*) FILTER (WHERE what = 'lead')",
    "assigned": "count(*) FILTER (WHERE owners > 0)",
    "assigned_in": "coalesce(extract(epoch FROM sum(took) FILTER (WHERE what = 'lead')), 0)",
    "owned_once": "count(*) FILTER (WHERE owners_now = 1)",
    "reassigned": "count(*) FILTER (WHERE owners > 1)",
    "won": "count(*) FILTER (WHERE what = 'lead' AND good)",
    "revenue": "coalesce(sum(revenue), 0)",
    "replies": "count(*) FILTER (WHERE what = 'reply')",
    "replied_in": "coalesce(extract(epoch FROM sum(took) FILTER (WHERE what = 'reply')), 0)",
    "replied_in_all": "coalesce(extract(epoch FROM sum(took_in_all)), 0)",
    "met": "count(*) FILTER (WHERE what = 'clock' AND good)",
    "missed": "count(*) FILTER (WHERE what = 'clock' AND NOT good)",
}

FLOW = f"""
    WITH {PEOPLE}, held AS (
        SELECT a.lead_id, min(a.started_at) AS assigned_at, count(DISTINCT a.rep_id) AS owners,
            count(*) FILTER (WHERE a.ended_at IS NULL) AS owners_now
        FROM assignments_assignment a JOIN leads_lead l ON l.id = a.lead_id
        WHERE l.created_at >= %(start)s AND l.created_at < %(end)s
        GROUP BY a.lead_id
    ), event AS (
        SELECT 'lead' AS what, l.id AS lead_id, l.owner_id AS rep_id, l.created_at AS at,
            l.status = 'won' AS good, l.revenue, held.owners, held.owners_now,
            held.assigned_at - l.created_at AS took, NULL::interval AS took_in_all
        FROM leads_lead l LEFT JOIN held ON held.lead_id = l.id
        WHERE l.created_at >= %(start)s AND l.created_at < %(end)s AND l.merged_into_id IS NULL
            AND (%(teams)s::bigint[] IS NULL OR l.owner_id IN (SELECT user_id FROM people) OR l.queue_id IN (
                SELECT q.id FROM teams_queue q JOIN teams_team t ON t.manager_id = q.owner_id
                WHERE t.id = ANY(%(teams)s)))
    UNION ALL
        SELECT 'reply', first.lead_id, first.rep_id, first.created_at, NULL, NULL, NULL, NULL,
            first.responded_at - first.started_at, first.responded_at - first.created_at
        FROM ({FIRST_REPLIES}) first JOIN people ON people.user_id = first.rep_id
    UNION ALL
        SELECT 'clock', c.lead_id, c.rep_id, c.ended_at, c.outcome = 'met', NULL, NULL, NULL, NULL, NULL
        FROM sla_clock c JOIN people ON people.user_id = c.rep_id
        WHERE c.ended_at >= %(start)s AND c.ended_at < %(end)s AND c.outcome IN ('met', 'missed')
            AND c.kind = 'respond'
    UNION ALL
        SELECT 'assignment', a.lead_id, a.rep_id, a.started_at, NULL, NULL, NULL, NULL, NULL, NULL
        FROM assignments_assignment a JOIN people ON people.user_id = a.rep_id
        WHERE a.started_at >= %(start)s AND a.started_at < %(end)s
    ), tagged AS (
        SELECT <tag> AS tag, event.* FROM event <join>
    )
    SELECT tag, {", ".join(f"sum({name})" for name in COUNTED)}, count(rep_id) FILTER (WHERE took_part)
    FROM (
        SELECT tag, rep_id, {", ".join(f"{sql} AS {name}" for name, sql in COUNTED.items())},
            bool_or(what IN ('lead', 'assignment')) AS took_part
        FROM tagged GROUP BY tag, rep_id
    ) by_rep GROUP BY tag
"""  # noqa: S608  no values, only text of this file
"""First by group and rep, so that counting the reps needs no sort."""

STOCK = f"""
    WITH {PEOPLE}, event AS (
        SELECT l.id AS lead_id, a.rep_id, l.created_at AS at
        FROM assignments_assignment a JOIN leads_lead l ON l.id = a.lead_id
        JOIN people ON people.user_id = a.rep_id AND people.is_active
        WHERE a.started_at <= %(now)s AND (a.ended_at IS NULL OR a.ended_at > %(now)s)
            AND (l.closed_at IS NULL OR l.closed_at > %(now)s)
            AND (l.status IN ('assigned', 'accepted', 'contacted', 'meeting') OR l.queue_id IS NOT NULL
                OR l.closed_at > %(now)s)
    ), here AS (
        SELECT <tag> AS tag, event.rep_id, count(*) AS open FROM event <join> GROUP BY 1, 2
    )
    SELECT tag, sum(open), sum(open * open) FROM here GROUP BY 1
"""  # noqa: S608  no values, only text of this file
"""Who owned what at the instant `now`, also a past one. The last condition follows from the others: it says
the same in terms of the partial indexes, so that the leads of long ago are not read."""

ACTIVE = f"""
    WITH {PEOPLE}, event AS (SELECT user_id AS rep_id FROM people WHERE is_active)
    SELECT <tag> AS tag, count(*) FROM event <join> GROUP BY 1
"""  # noqa: S608  no values, only text of this file


@dataclass(slots=True)
class Counts:
    """One group's counts. Times are sums of seconds; `spread` and `mean` are of open conversations per rep."""

    leads: int = 0
    assigned: int = 0
    assigned_in: float = 0
    owned_once: int = 0
    reassigned: int = 0
    won: int = 0
    revenue: float = 0
    replies: int = 0
    replied_in: float = 0
    replied_in_all: float = 0
    met: int = 0
    missed: int = 0
    reps: int = 0
    spread: float = 0
    mean: float = 0


def count(
    *, start: datetime, end: datetime, now: datetime, team_ids: Sequence[int] | None, by: Grouping = ALL
) -> dict[str, Counts]:
    """Counts by tag. Of `[start, end)`; open conversations as of `now`. `team_ids` None: everybody."""
    values = {"start": start, "end": end, "now": now, "teams": None if team_ids is None else list(team_ids)}
    found = {tag: Counts(*(numbers(row))) for tag, *row in fetch(FLOW, by, values)}
    open = {tag: numbers(sums) for tag, *sums in fetch(STOCK, by, values)}
    if by.of_reps:
        active = dict(fetch(ACTIVE, by, values))
    else:
        everybody = sum(number for _, number in fetch(ACTIVE, ALL, values))
        active = dict.fromkeys(open, everybody)
    for tag in open.keys() | (active.keys() if by.of_reps else set()):
        total, squares = open.get(tag, (0, 0))
        counts = found.setdefault(tag, Counts())
        counts.mean = total / active[tag]
        counts.spread = sqrt(active[tag] * squares - total * total) / active[tag]
    return found


def fetch(statement: str, by: Grouping, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("<tag>", by.tag).replace("<join>", by.join), values)
        return cursor.fetchall()


def numbers(row: Sequence[Any]) -> list[Any]:
    """Whole numbers as such, also where a sum made decimals of them; the rest as floats."""
    return [int(value) if value == int(value) else float(value) for value in row]
