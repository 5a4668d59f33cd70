"""What a decision writes beside new rows: counters, turns and ownership. One statement each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from leadrouting.common.pipeline import Pipe
from leadrouting.engine.roster import Rotation

BOOK = """
    WITH wanted AS (
        SELECT * FROM unnest(
            %s::bigint[], %s::int[], %s::int[], %s::date[], %s::timestamptz[], %s::date[],
            %s::int[], %s::int[], %s::int[], %s::int[]
        ) AS w(rep_id, delta, taken, today, hour_on, week_on, max_open, max_day, max_hour, max_week)
    ), locked AS (
        SELECT load.rep_id FROM assignments_load load JOIN wanted USING (rep_id)
        ORDER BY load.rep_id FOR NO KEY UPDATE OF load
    ), booked AS (
        UPDATE assignments_load load SET
            open = load.open + w.delta,
            day = CASE WHEN load.day_on > w.today THEN load.day
                       WHEN load.day_on = w.today THEN load.day + w.taken ELSE w.taken END,
            day_on = greatest(load.day_on, w.today),
            hour = CASE WHEN load.hour_on > w.hour_on THEN load.hour
                        WHEN load.hour_on = w.hour_on THEN load.hour + w.taken ELSE w.taken END,
            hour_on = greatest(load.hour_on, w.hour_on),
            week = CASE WHEN load.week_on > w.week_on THEN load.week
                        WHEN load.week_on = w.week_on THEN load.week + w.taken ELSE w.taken END,
            week_on = greatest(load.week_on, w.week_on)
        FROM wanted w JOIN locked USING (rep_id)
        WHERE load.rep_id = w.rep_id
            AND (w.max_open IS NULL OR load.open + w.delta <= w.max_open)
            AND (w.max_day IS NULL OR CASE WHEN load.day_on = w.today THEN load.day ELSE 0 END + w.taken <= w.max_day)
            AND (w.max_hour IS NULL
                OR CASE WHEN load.hour_on = w.hour_on THEN load.hour ELSE 0 END + w.taken <= w.max_hour)
            AND (w.max_week IS NULL
                OR CASE WHEN load.week_on = w.week_on THEN load.week ELSE 0 END + w.taken <= w.max_week)
        RETURNING 1
    ), turned AS (
        UPDATE assignments_rotation rotation
        SET turns = t.turns, rest = t.rest,
            member_ids = coalesce(t.members::bigint[], rotation.member_ids), credits = t.credits::bigint[]
        FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[])
            AS t(pool_id, turns, rest, members, credits)
        WHERE rotation.pool_id = t.pool_id
    )
    SELECT leadrouting_expect(count(*), %s) FROM booked
"""
"""Takes capacity and turns together. Fewer rows than wanted means that somebody else was faster: the
function raises serialization_failure, everything rolls back, and the decision is made again.

A lead of an earlier day (an import of history) leaves the count of the later day alone."""

OWN = """
    UPDATE leads_lead lead SET
        owner_id = o.rep_id, queue_id = o.queue_id, status = o.status, route_at = o.route_at, waits_as = o.waits_as,
        queued_at = CASE WHEN o.queue_id = lead.queue_id THEN lead.queued_at
                         WHEN o.queue_id IS NOT NULL THEN now.instant END,
        queue_steps = CASE WHEN o.queue_id = lead.queue_id THEN lead.queue_steps ELSE 0 END,
        route_failures = 0, updated_at = now.instant
    FROM (SELECT %s::timestamptz AS instant) now, unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::bigint[])
        AS o(lead_id, rep_id, queue_id, status, route_at, waits_as)
    WHERE lead.id = o.lead_id
"""

END = """
    UPDATE assignments_assignment SET period = tstzrange(lower(period), e.ended_at), "end" = e.why
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS e(decision_id, ended_at, why)
    WHERE assignments_assignment.decision_id = e.decision_id
"""


@dataclass(slots=True)
class Booking:
    """A rep's change of load: `delta` open conversations, `taken` new ones; caps to hold, None for none.

    `today`, `hour` (when it began, UTC) and `week` (its Monday) are those on the rep's clock.
    """

    today: date
    hour: datetime
    week: date
    delta: int = 0
    taken: int = 0
    max_open: int | None = None
    max_day: int | None = None
    max_hour: int | None = None
    max_week: int | None = None


@dataclass(frozen=True, slots=True)
class Owning:
    lead: int
    rep: int | None
    queue: int | None
    status: str
    route_at: datetime | None
    waits_as: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    assignment: int
    ended_at: datetime
    why: str


def book(
    pipe: Pipe,
    bookings: Mapping[int, Booking],
    rotations: Mapping[int, Rotation],
    members: Mapping[int, Sequence[int]],
) -> None:
    """Write loads, in rep order, and rotations. Raises OperationalError (serialization failure) when a cap is hit.

    `members` are the rotations' members as stored: written again only where they changed.
    """
    if not bookings and not rotations:
        return
    reps = sorted(bookings)
    rows = [bookings[rep] for rep in reps]
    pools = list(rotations)
    turns = [rotations[pool] for pool in pools]
    pipe.send(
        BOOK,
        [
            reps,
            [row.delta for row in rows],
            [row.taken for row in rows],
            [row.today for row in rows],
            [row.hour for row in rows],
            [row.week for row in rows],
            [row.max_open for row in rows],
            [row.max_day for row in rows],
            [row.max_hour for row in rows],
            [row.max_week for row in rows],
            pools,
            [turn.turns for turn in turns],
            [turn.rest for turn in turns],
            [
                None if list(turn.credits) == members[pool] else as_array(turn.credits)
                for pool, turn in rotations.items()
            ],
            [as_array(turn.credits.values()) for turn in turns],
            len(reps),
        ],
    )


def as_array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes an array: several arrays of different lengths cannot travel as one of two dimensions."""
    return "{" + ",".join(map(str, numbers)) + "}"


def own(pipe: Pipe, ownings: list[Owning], now: datetime) -> None:
    columns: list[list[Any]] = [
        [o.lead for o in ownings],
        [o.rep for o in ownings],
        [o.queue for o in ownings],
        [o.status for o in ownings],
        [o.route_at for o in ownings],
        [o.waits_as for o in ownings],
    ]
    pipe.send(OWN, [now, *columns])


def end(pipe: Pipe, endings: list[Ending]) -> None:
    pipe.send(END, [[e.assignment for e in endings], [e.ended_at for e in endings], [e.why for e in endings]])
