"""Several statements in one round trip: psycopg's pipeline on Django's connection.

Only the way of a lead through `assignments.routing` uses this. Everywhere else the ORM is plenty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import Cursor

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
        if not connection.savepoint_ids and len(connection.atomic_blocks) == 1:
            self._open_cursor().execute("COMMIT")


@contextmanager
def pipeline() -> Iterator[Pipe]:
    """A pipeline inside the current transaction. Database errors surface as Django's.

    Raises TransactionManagementError outside `atomic`: half a pipeline must never stay behind.
    """
    connection.validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise connection.Database.ProgrammingError("A pipeline needs a transaction around it.")
    connection.ensure_connection()
    driver = connection.connection
    with connection.wrap_database_errors, driver.pipeline():
        yield Pipe(lambda: Cursor(driver))
