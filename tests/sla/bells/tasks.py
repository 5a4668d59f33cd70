"""What the workers under test run."""

import gc
from datetime import datetime
from functools import partial
from time import sleep

from django.db import connection
from django.utils import timezone

from leadrouting.sla.lines import Line
from leadrouting.sla.sweeps import sweep

STRIKE = """
    WITH struck AS (
        UPDATE bell SET struck_at = clock_timestamp() WHERE id IN (
            SELECT id FROM bell WHERE queue = %s AND struck_at IS NULL AND due_at <= %s
            ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
        ) RETURNING id
    ), logged AS (INSERT INTO strike (bell) SELECT id FROM struck)
    SELECT count(*) FROM struck
"""


def strike(queue: str, now: datetime, limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO sweep DEFAULT VALUES")
        cursor.execute(STRIKE, [queue, now, limit])
        return int(cursor.fetchone()[0])


def strike_pulse() -> None:
    sweep(partial(strike, "pulse"), clock=timezone.now)


def strike_default() -> None:
    sweep(partial(strike, "default"), clock=timezone.now)


def nap(seconds: float) -> None:
    sleep(seconds)


def leave_locked(line: str, end: str) -> None:
    """As if somebody had died while he read ("reading") or wrote ("writing") a line of this cluster."""
    lines = [one for one in gc.get_objects() if isinstance(one, Line)]
    locked = next(one for one in lines if (one.room is not None) == (line == "tasks"))
    getattr(locked, end).acquire()
