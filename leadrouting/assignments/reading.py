"""What a decision reads: leads, pools and loads, each in one statement, locked in id order.

All locks are FOR NO KEY UPDATE. Loads are read in a statement after the pools' lock, so they are not stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Cursor

from leadrouting.assignments.facts import COLUMNS
from leadrouting.common.pipeline import Pipe
from leadrouting.engine.roster import Load, Rotation
from leadrouting.teams.presence import seen_between
from leadrouting.teams.snapshot import People

EXTRA = {
    "id": "l.id",
    "name": "l.name",
    "email": "l.email",
    "status": "l.status",
    "owner": "l.owner_id",
    "queue": "l.queue_id",
    "created_at": "l.created_at",
    "attributes": "l.attributes",
    "account_id": "l.account_id",
    "previous_owner": "l.previous_owner_id",
    "campaign": "c.key",
    "account_tier": "a.tier",
    "account_owner": "a.owner_id",
    "lifetime_value": "a.lifetime_value",
    "assignment": "o.decision_id",
    "assigned_to": "o.rep_id",
    "assigned_at": "o.started_at",
    "had": "h.reps",
    "last_ended_at": "h.ended_at",
    "unrouted": "CASE WHEN NOT c.is_routed THEN c.name END",
    "kept": """CASE WHEN l.status = 'queued' THEN (
        SELECT CASE
            WHEN d.cause = 'unrouted' THEN 'unrouted'
            WHEN (d.tried->-1->>'wait')::int * 60 > (d.tried->-1->>'waited')::int
            THEN concat_ws(':', d.rule_id, d.tried->-1->>'step')
        END
        FROM assignments_decision d WHERE d.lead_id = l.id ORDER BY d.decided_at DESC, d.id DESC LIMIT 1
    ) END""",
    "decision_id": "nextval('assignments_decision_id_seq')",
    "stamp": "(SELECT version FROM common_stamp)",
    "version": "(SELECT id FROM rules_version WHERE is_live)",
}
NAMES = (*COLUMNS, *EXTRA)

LOCK_LEADS = f"""
    SELECT {", ".join(f"l.{name}" for name in COLUMNS)}, {", ".join(EXTRA.values())}
    FROM leads_lead l
    LEFT JOIN leads_campaign c ON c.id = l.campaign_id
    LEFT JOIN leads_account a ON a.id = l.account_id
    LEFT JOIN assignments_assignment o ON o.lead_id = l.id AND o.ended_at IS NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(rep_id), ARRAY[]::bigint[]) AS reps, max(ended_at) AS ended_at
        FROM assignments_assignment WHERE lead_id = l.id
    ) h
    WHERE l.id = ANY(%s) ORDER BY l.id FOR NO KEY UPDATE OF l
"""  # noqa: S608  names of columns only

LOCK_POOLS = """
    SELECT pool_id, turns, rest, member_ids, credits FROM assignments_rotation
    WHERE pool_id = ANY(%s) ORDER BY pool_id FOR NO KEY UPDATE
"""

READ_LOADS = """
    SELECT array_agg(rep_id), array_agg(open), array_agg(day_on), array_agg(day)
    FROM assignments_load WHERE rep_id = ANY(%s)
"""

READ_PRESENT = "SELECT coalesce(array_agg(rep_id), '{}') FROM teams_sighting WHERE seen_at BETWEEN %s AND %s"


@dataclass(frozen=True, slots=True)
class Row:
    """A locked lead: `values` by the names in NAMES.

    `last_ended_at` is the end of its last assignment, None while one is open. `unrouted` is the name of its
    campaign if that one's leads are left to people. `kept` says as what the last decision keeps it in a queue,
    see `recording.kept`.
    """

    values: dict[str, Any]

    @property
    def is_consistent(self) -> bool:
        """False when another transaction changed the owner while this one waited for the lock."""
        return bool(self.values["owner"] == self.values["assigned_to"])


def lock_leads(pipe: Pipe, ids: Iterable[int]) -> dict[int, Row]:
    rows = [
        dict(zip(NAMES, values, strict=True)) for values in pipe.send(LOCK_LEADS, [sorted(ids)]).fetchall()
    ]
    for row in rows:
        row["attributes"] = json.loads(row["attributes"])  # Django's connections leave jsonb as text
    return {row["id"]: Row(row) for row in rows}


def lock_pools(pipe: Pipe, pools: Iterable[int]) -> Cursor[Any]:
    return pipe.send(LOCK_POOLS, [sorted(pools)])


def read_loads(pipe: Pipe, reps: Iterable[int]) -> Cursor[Any]:
    return pipe.send(READ_LOADS, [sorted(reps)])


def read_present(pipe: Pipe, now: datetime) -> Cursor[Any]:
    return pipe.send(READ_PRESENT, seen_between(now))


def rotations_from(cursor: Cursor[Any]) -> tuple[dict[int, Rotation], dict[int, list[int]]]:
    """The rotations, and their members as stored, by pool."""
    rows = cursor.fetchall()
    rotations = {
        pool: Rotation(turns, rest, dict(zip(members, credits, strict=True)))
        for pool, turns, rest, members, credits in rows
    }
    return rotations, {pool: members for pool, _, _, members, _ in rows}


def loads_from(cursor: Cursor[Any], people: People, now: datetime) -> dict[int, Load]:
    """Loads as the engine takes them: a count of another day than the rep's today is no count."""
    ((reps, opened, day_on, day),) = cursor.fetchall()
    return {
        rep: Load(open_, taken if on == people.reps[rep].today(now) else 0)
        for rep, open_, on, taken in zip(reps or (), opened or (), day_on or (), day or (), strict=True)
    }
