"""What goes over the wire to PostgreSQL, as libpq traces it: pipelines do not show in Django's count of queries."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import pairwise

from django.db import connection
from psycopg import pq


def traffic(act: Callable[[], object]) -> tuple[int, int]:
    """Statements and round trips of `act`, BEGIN and COMMIT included."""
    connection.ensure_connection()
    driver = connection.connection.pgconn
    with tempfile.TemporaryFile() as trace:
        driver.trace(trace.fileno())
        driver.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        act()
        driver.untrace()
        trace.seek(0)
        messages = [line.split("\t") for line in trace.read().decode(errors="replace").splitlines()]
    sides = [(parts[0], parts[2]) for parts in messages if parts[0] in ("F", "B")]
    statements = sum(side == "F" and kind in ("Query", "Execute") for side, kind in sides)
    return statements, sum(a[0] == "F" and b[0] == "B" for a, b in pairwise(sides))
