"""Real bells, real worker processes, and how to kill them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import psutil
from django.conf import settings
from django.db import connection
from django.utils import timezone

TABLES = """
    CREATE TABLE bell (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        queue text NOT NULL, due_at timestamptz NOT NULL, struck_at timestamptz
    );
    CREATE INDEX ON bell (due_at) WHERE struck_at IS NULL;
    CREATE TABLE strike (bell bigint NOT NULL);
    CREATE TABLE sweep (at timestamptz NOT NULL DEFAULT clock_timestamp());
"""


def query(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def cut_connections() -> None:
    """End every other connection to the test database, as a restart of the server does."""
    query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def hang(*due: datetime, queue: str = "pulse") -> list[int]:
    """Bells to be struck at these instants (UTC)."""
    insert = "INSERT INTO bell (queue, due_at) VALUES (%s, %s) RETURNING id"
    return [query(insert, queue, at)[0][0] for at in due]


def soon(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def wait_for(condition: Callable[[], Any], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (met := bool(condition())) and time.monotonic() < end:
        time.sleep(0.02)
    return met


def all_struck() -> bool:
    return query("SELECT count(*) FROM bell WHERE struck_at IS NULL") == [(0,)]


def lags() -> list[float]:
    """Seconds from the due instant to the strike, of all struck bells."""
    return [
        row[0] for row in query("SELECT extract(epoch FROM struck_at - due_at)::float FROM bell ORDER BY id")
    ]


ENDED = (psutil.NoSuchProcess, FileNotFoundError)
"""What psutil says of a process that ends while it is read."""


class Crew:
    """One `manage.py worker` and its family of processes."""

    def __init__(self, cluster: str, database_url: str, *arguments: str, **variables: str) -> None:
        self.cluster = cluster
        self.keeper = subprocess.Popen(
            [sys.executable, "manage.py", "worker", *arguments],
            cwd=settings.BASE_DIR,
            env=environment(database_url) | ({} if arguments else {"Q_CLUSTER_NAME": cluster}) | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def family(self) -> list[psutil.Process]:
        """The sentinel, its workers, monitor and pusher, in this order."""
        try:
            return psutil.Process(self.keeper.pid).children(recursive=True)
        except ENDED:  # the keeper, or one of them while it was read
            return []

    def is_up(self) -> bool:
        return len(self.family()) == (5 if self.cluster == "default" else 4)

    def stop(self) -> None:
        """As honcho, systemd and a terminal do: to the whole group. Raises TimeoutExpired."""
        os.killpg(self.keeper.pid, signal.SIGTERM)
        self.keeper.wait(5)

    def end(self) -> None:
        self.keeper.kill()
        self.keeper.wait()


def environment(database_url: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.sla.settings"}


def gone(family: Sequence[psutil.Process]) -> bool:
    return not any(map(lives, family))


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except ENDED:
        return False
