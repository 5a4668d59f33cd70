"""Several statements in one round trip: psycopg's pipeline on Django's connection.

Only the way of a lead through `assignments.routing` uses this. Everywhere else the ORM is plenty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError
from psycopg import Cursor
from psycopg.pq import TransactionStatus

Row = tuple[Any, ...]


class Pipe:
    """Sends statements without waiting for their answers; an answer is waited for when it is read."""

    def __init__(self, open_cursor: Any) -> None:
        self._open_cursor = open_cursor

    def send(self, statement: str, values: Sequence[Any] = ()) -> Cursor[Row]:
        cursor: Cursor[Row] = self._open_cursor()
        cursor.execute(statement, values, prepare=True)
        return cursor

    def commit(self) -> None:
        """Let COMMIT travel with the statements before it, if this is the outermost transaction.

        The `atomic` block around finds nothing left to commit and runs its on_commit hooks as always.
        """
        if is_outermost():
            self._open_cursor().execute("COMMIT")


@contextmanager
def pipeline() -> Iterator[Pipe]:
    """A pipeline inside the current transaction. Database errors surface as Django's.

    When nothing has been sent in the transaction yet, BEGIN travels with the first statement: the driver
    would wait for its answer. Raises TransactionManagementError outside `atomic`.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A pipeline needs a transaction around it: use atomic.")
    connection.ensure_connection()
    driver = connection.connection
    starts = is_outermost() and driver.info.transaction_status == TransactionStatus.IDLE
    with connection.wrap_database_errors:
        if starts:
            driver.autocommit = True  # `atomic` sets it back
        with driver.pipeline():
            pipe = Pipe(lambda: Cursor(driver))
            if starts:
                pipe.send("BEGIN")
            yield pipe


def is_outermost() -> bool:
    return not connection.savepoint_ids and len(connection.atomic_blocks) == 1
