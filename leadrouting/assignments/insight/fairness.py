"""What each member of a pool received against the share that the weights give. Read from what decisions stored."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from leadrouting.assignments.models import Roster
from leadrouting.engine.roster import READY

GIVEN = """
    SELECT (last->>'id')::bigint, (last->>'roster')::bigint,
        (coalesce(last->'reasons', '{}') - %s::text[])::text, rep_id, count(*)
    FROM (
        SELECT tried->-1 AS last, rep_id FROM assignments_decision
        WHERE decided_at >= %s AND decided_at < %s AND rep_id IS NOT NULL AND step IS NOT NULL
    ) told
    WHERE last->>'kind' = 'pool' AND (last->>'id')::bigint = ANY(%s) AND last ? 'roster'
    GROUP BY 1, 2, 3, 4
"""

BECAME = """
    SELECT (decision.tried->-1->>'id')::bigint, decision.rep_id,
        count(*) FILTER (WHERE held.ended_at IS NULL AND lead.status = 'won'),
        count(*) FILTER (WHERE held.ended_at IS NULL AND lead.status IN ('won', 'lost')),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM held.responded_at - held.started_at))
    FROM assignments_decision decision
    JOIN assignments_assignment held ON held.decision_id = decision.id
    JOIN leads_lead lead ON lead.id = held.lead_id
    WHERE decision.decided_at >= %s AND decision.decided_at < %s AND decision.step IS NOT NULL
        AND decision.tried->-1->>'kind' = 'pool' AND (decision.tried->-1->>'id')::bigint = ANY(%s)
    GROUP BY 1, 2
"""

OTHERWISE = """
    SELECT rep_id, count(*) FROM assignments_decision
    WHERE decided_at >= %s AND decided_at < %s AND rep_id = ANY(%s)
        AND (step IS NULL OR tried->-1->>'kind' IS DISTINCT FROM 'pool')
    GROUP BY 1
"""


@dataclass(slots=True)
class Part:
    """A member's part of what a pool gave out. `share` is in leads, exact: of each lead, the weight divided by the
    weights of all who could take it. `missed` counts by cause the leads that came while the member could not.
    `response` is the median from assignment to the first response."""

    received: int = 0
    share: float = 0.0
    missed: Counter[str] = field(default_factory=Counter)
    won: int = 0
    closed: int = 0
    response: timedelta | None = None

    @property
    def ahead(self) -> float:
        """Leads more than the share; below nought: fewer."""
        return self.received - self.share


@dataclass(frozen=True, slots=True)
class Given:
    """So many leads, by one roster, while the same members were `out`, to one rep."""

    pool: int
    roster: int
    out: Mapping[str, Collection[int]]
    rep: int
    leads: int


Parts = dict[int, dict[int, Part]]
"""By pool and rep."""


def shared(given: Iterable[Given], weights: Mapping[int, Mapping[int, int]]) -> Parts:
    """`weights` by roster and rep. Whoever received something is told, also who has left the pool since."""
    found: Parts = {}
    for one in given:
        parts, members = found.setdefault(one.pool, {}), weights.get(one.roster, {})
        for rep in {*members, one.rep}:
            parts.setdefault(rep, Part())
        parts[one.rep].received += one.leads
        out = {rep: why for why, reps in one.out.items() for rep in reps}
        ready = {rep: weight for rep, weight in members.items() if rep not in out}
        total = sum(ready.values())
        for rep, weight in ready.items():
            parts[rep].share += one.leads * weight / total if total else 0
        for rep in out.keys() & members.keys():
            parts[rep].missed[out[rep]] += one.leads
    return found


def parts_of(pools: Sequence[int], since: datetime, until: datetime) -> Parts:
    """Of what was decided from `since` up to `until` (UTC). Three queries for any number of pools and members."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [list(READY), since, until, list(pools)])
        given = [
            Given(pool, roster, json.loads(out), rep, leads)
            for pool, roster, out, rep, leads in cursor.fetchall()
        ]
        cursor.execute(BECAME, [since, until, list(pools)])
        became = cursor.fetchall()
    rosters = Roster.objects.filter(pk__in={one.roster for one in given})
    weights = {
        pk: dict(zip(reps, by, strict=True))
        for pk, reps, by in rosters.values_list("pk", "rep_ids", "weights")
    }
    found = shared(given, weights)
    for pool, rep, won, closed, seconds in became:
        part = found.setdefault(pool, {}).setdefault(rep, Part())
        part.won, part.closed = won, closed
        part.response = timedelta(seconds=seconds) if seconds is not None else None
    return found


def otherwise(reps: Collection[int], since: datetime, until: datetime) -> dict[int, int]:
    """How many leads these reps got by no pool: by hand, by name, as owner of the account. They move no turn. One query."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERWISE, [since, until, list(reps)])
        return dict(cursor.fetchall())
