"""What a decision reads: leads, pools and loads, each in one statement, locked in id order.

All locks are FOR NO KEY UPDATE. Loads are read in a statement after the pools' lock, so they are not stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from psycopg import Cursor

from leadrouting.assignments.facts import COLUMNS
from leadrouting.common.pipeline import Pipe
from leadrouting.engine.roster import Load, Rotation, TeamLoad
from leadrouting.teams.presence import seen_between
from leadrouting.teams.snapshot import People, Person, TeamCap

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
    "account_domains": "ARRAY(SELECT d.domain FROM leads_accountdomain d WHERE d.account_id = a.id ORDER BY 1)",
    "account_owner": "coalesce(a.owner_id, above.owner_id, top.owner_id)",
    "lifetime_value": "a.lifetime_value",
    "assignment": "o.decision_id",
    "assigned_to": "o.rep_id",
    "assigned_at": "o.started_at",
    "had": """ARRAY(
        SELECT ARRAY[h.rep_id, (extract(epoch FROM h.ended_at) * 1000000)::bigint, (h."end" = 'closed')::int]
        FROM assignments_assignment h WHERE h.lead_id = l.id
    )""",
    "unrouted": "CASE WHEN NOT c.is_routed THEN c.name END",
    "decision_id": "nextval('assignments_decision_id_seq')",
    "stamp": "(SELECT version FROM common_stamp)",
    "version": "(SELECT id FROM rules_version WHERE is_live)",
    "ahead": """CASE WHEN %s AND (
        EXISTS (SELECT FROM assignments_stir WHERE at > now() - interval '10 seconds')
        OR EXISTS (
            SELECT FROM leads_lead WHERE route_at BETWEEN %s AND %s AND waits_as IS NOT NULL AND status = 'queued'
        )
    ) THEN ARRAY(
        SELECT DISTINCT abs(waits_as) >> 32 FROM leads_lead WHERE route_at IS NOT NULL AND waits_as IS NOT NULL
    ) END""",
}
NAMES = (*COLUMNS, *EXTRA)

LOCK_LEADS = f"""
    SELECT {", ".join(f"l.{name}" for name in COLUMNS)}, {", ".join(EXTRA.values())}
    FROM leads_lead l
    LEFT JOIN leads_campaign c ON c.id = l.campaign_id
    LEFT JOIN leads_account a ON a.id = l.account_id
    LEFT JOIN leads_account above ON above.id = a.parent_id
    LEFT JOIN leads_account top ON top.id = above.parent_id
    LEFT JOIN assignments_assignment o ON o.lead_id = l.id AND o.ended_at IS NULL
    WHERE l.id = ANY(%s) ORDER BY l.id FOR NO KEY UPDATE OF l
"""  # noqa: S608  names of columns only

LOCK_POOLS = """
    SELECT pool_id, turns, rest, member_ids, credits FROM assignments_rotation
    WHERE pool_id = ANY(%s) ORDER BY pool_id FOR NO KEY UPDATE
"""

LOCK_TEAMS = "SELECT id FROM teams_team WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
"""Whoever gives a lead to a rep of a team with a cap holds it, so what its reps carry together does not grow."""

READ_LOADS = """
    SELECT array_agg(rep_id), array_agg(open), array_agg(day_on), array_agg(day),
        array_agg(hour_on), array_agg(hour), array_agg(week_on), array_agg(week)
    FROM assignments_load WHERE rep_id = ANY(%s)
"""

READ_PRESENT = "SELECT coalesce(array_agg(rep_id), '{}') FROM teams_sighting WHERE seen_at BETWEEN %s AND %s"

READ_KEPT = """
    SELECT DISTINCT ON (lead_id) lead_id, CASE
        WHEN cause = 'unrouted' THEN 'unrouted'
        WHEN (tried->-1->>'until_opening')::boolean
            OR (tried->-1->>'wait')::int * 60 > (tried->-1->>'waited')::int
        THEN concat_ws(':', rule_id, tried->-1->>'step')
        ELSE ''
    END
    FROM assignments_decision WHERE lead_id = ANY(%s) ORDER BY lead_id, decided_at DESC, id DESC
"""
OVERDUE = timedelta(seconds=10)
"""New leads give way no longer: where no pulse beats, waiting for those who wait would help nobody."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A locked lead: `values` by the names in NAMES.

    `had` are the reps who had it since it was reopened last, `last_ended_at` is the end of its last assignment, None while one is open.
    `unrouted` is the name of its campaign if that one's leads are left to people. `ahead`, where it was asked for:
    while something stirs or waiting leads are due, the rules (see `kinship.rule_of`) by which leads wait.
    """

    values: dict[str, Any]

    @property
    def is_consistent(self) -> bool:
        """False when another transaction changed the owner while this one waited for the lock."""
        return bool(self.values["owner"] == self.values["assigned_to"])


def lock_leads(pipe: Pipe, ids: Iterable[int], now: datetime, *, ahead: bool) -> dict[int, Row]:
    """`ahead`: ask for that, too."""
    asked = [ahead, now - OVERDUE, now, sorted(ids)]
    rows = [dict(zip(NAMES, values, strict=True)) for values in pipe.send(LOCK_LEADS, asked).fetchall()]
    for row in rows:
        spans = row["had"]
        row["had"] = had(spans) if spans else frozenset()
        row["last_ended_at"] = last_end([ended for _, ended, _ in spans]) if spans else None
        row["attributes"] = json.loads(row["attributes"])  # Django's connections leave jsonb as text
    return {row["id"]: Row(row) for row in rows}


def had(spans: Sequence[tuple[int, int, int]]) -> frozenset[int]:
    """Who had the lead since it was reopened last, if it ever was: one that came back is new to everybody."""
    since = max([ended for _, ended, was_closed in spans if was_closed], default=0)
    return frozenset(rep for rep, ended, _ in spans if ended is None or ended > since)


def last_end(ends: Sequence[int | None]) -> datetime | None:
    """The last of these ends (UTC, in microseconds since 1970); None when one span lasts."""
    return None if None in ends else EPOCH + timedelta(microseconds=max(filter(None, ends)))


def lock_pools(pipe: Pipe, pools: Iterable[int]) -> Cursor[Any]:
    return pipe.send(LOCK_POOLS, [sorted(pools)])


def lock_teams(pipe: Pipe, teams: Iterable[int]) -> None:
    """After the pools and before loads are read."""
    if teams := sorted(teams):
        pipe.send(LOCK_TEAMS, [teams])


def read_loads(pipe: Pipe, reps: Iterable[int]) -> Cursor[Any]:
    return pipe.send(READ_LOADS, [sorted(reps)])


def read_kept(pipe: Pipe, leads: Iterable[int]) -> Cursor[Any]:
    """By lead, as what its last decision keeps it in a queue; see `recording.kept`."""
    return pipe.send(READ_KEPT, [sorted(leads)])


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
    """Loads as the engine takes them; see `load_of`."""
    (columns,) = cursor.fetchall()
    return {
        rep: load_of(people.reps[rep], now, *counts)
        for rep, *counts in zip(*[column or () for column in columns], strict=True)
    }


def load_of(
    who: Person,
    now: datetime,
    opened: int,
    day_on: date | None,
    day: int,
    hour_on: datetime | None,
    hour: int,
    week_on: date | None,
    week: int,
) -> Load:
    """A count of another day, hour or week than the rep's at `now` is no count."""
    return Load(
        opened,
        day if day_on == who.today(now) else 0,
        hour if hour and hour_on == who.hour(now) else 0,
        week if week_on == who.week(now) else 0,
    )


def team_loads(caps: Iterable[TeamCap], loads: Mapping[int, Load]) -> dict[int, TeamLoad]:
    """By rep what their team carries, of teams with a cap."""
    found: dict[int, TeamLoad] = {}
    for cap in caps:
        rows = [loads[rep] for rep in cap.reps if rep in loads]
        load = TeamLoad(
            sum([row.open for row in rows]), sum([row.day for row in rows]), cap.max_open, cap.max_day
        )
        found.update(dict.fromkeys(cap.reps, load))
    return found
