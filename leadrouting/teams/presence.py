"""Who has their pages open: pages ask for news all the time, and when they last did is written down."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection

from leadrouting.teams.models import Sighting

PRESENT = timedelta(minutes=5)
"""Whoever was seen within so long before (or, by another machine's clock, after) an instant is present then."""
ROUGHLY = timedelta(minutes=1)
"""A rep's row is written at most once in this time."""

SEEN = """
    INSERT INTO teams_sighting (rep_id, seen_at) SELECT user_id, %s FROM teams_rep WHERE user_id = %s
    ON CONFLICT (rep_id) DO UPDATE SET seen_at = excluded.seen_at WHERE teams_sighting.seen_at < %s
"""


def seen(rep: int, now: datetime) -> None:
    """The pages of this rep (its key) asked for news at `now` (UTC); of who is no rep nothing is written.

    At most one statement a minute from each process, and at most one write a minute from all of them.
    """
    if cache.add(f"seen:{rep}", True, ROUGHLY.total_seconds()):
        with connection.cursor() as cursor:
            cursor.execute(SEEN, [now, rep, now - ROUGHLY])


def seen_between(now: datetime) -> tuple[datetime, datetime]:
    """Between which instants, both included, somebody who is present at `now` was last seen."""
    return now - PRESENT, now + PRESENT


def present(now: datetime) -> frozenset[int]:
    """The reps who are present at `now`. One query."""
    found = Sighting.objects.filter(seen_at__range=seen_between(now))
    return frozenset(found.values_list("rep_id", flat=True))
