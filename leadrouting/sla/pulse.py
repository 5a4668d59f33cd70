"""When is what due next? Each kind of due work answers with one look into a partial index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections

AGAIN = timedelta(seconds=1)
"""The bell rings again this long after it was rung for the same deadline, until that deadline is gone."""


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of due work.

    `statement` selects one instant: when work of this kind is due next, or NULL. It may not look at any
    clock: the caller compares, so that the index stays bounded. `task` is the dotted path of the function,
    without arguments, that does what is due; it runs on the cluster `queue`.
    """

    name: str
    task: str
    queue: str
    statement: str


_kinds: dict[str, Due] = {}


def register(due: Due) -> None:
    """Add a kind of due work. Called from `AppConfig.ready()`; the same name again replaces."""
    _kinds[due.name] = due


def kinds(*queues: str) -> list[Due]:
    """The kinds whose tasks run on one of these clusters; without arguments, all."""
    return [due for due in _kinds.values() if not queues or due.queue in queues]


def nearest(*queues: str, using: str = "default") -> dict[str, datetime]:
    """The next deadline (UTC) of each kind of these clusters, in one statement. Idle kinds are left out."""
    asked = kinds(*queues)
    if not asked:
        return {}
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({due.statement})" for due in asked))
        instants = cursor.fetchone()
    return {due.name: at for due, at in zip(asked, instants, strict=True) if at is not None}


RING = """
    INSERT INTO sla_ring (name, rung_for, rung_at) VALUES (%s, %s, %s)
    ON CONFLICT (name) DO UPDATE SET rung_for = excluded.rung_for, rung_at = excluded.rung_at
    WHERE sla_ring.rung_for <> excluded.rung_for
       OR sla_ring.rung_at NOT BETWEEN %s AND %s
"""


def ring(due: Due, deadline: datetime, now: datetime, *, using: str = "default") -> bool:
    """Claim the bell of this kind. True for exactly one of all clusters that see the same deadline.

    A deadline that is still there is claimed again after `AGAIN`: whoever won before may have died.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(RING, [due.name, deadline, now, now - AGAIN, now + AGAIN])
        return cursor.rowcount == 1
