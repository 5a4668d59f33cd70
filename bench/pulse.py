"""How late are deadlines acted on? Real workers, real breaches. Run: python bench/pulse.py [--clocks 100000]

Makes a scratch database with many open clocks, lets some of them run out one by one while a default and a
pulse cluster work, and prints the time from each deadline to the record of its breach: in peace, behind a
backlog of tasks, and while the worker that acts is killed every two seconds.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django
import environ
import psutil
import psycopg

from config import database

BASE = Path(__file__).resolve().parents[1]
SCRATCH = "bench_pulse"
LEAD_TIME = 3.0
"""Seconds that everything has to settle before the first deadline."""

FILLER = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO sla_clock (assignment_id, lead_id, rep_id, policy_id, kind, counts, plan, started_at, due_at, wake_at,
        outcome, failures)
    SELECT 1000000000 + n, -n, 0, 0, 'respond', 'always', '[]', now(), at, at, '', 0
    FROM (SELECT n, now() + interval '1 day' + random() * interval '30 days' AS at FROM generate_series(1, %s) n) far
"""
RECORD = """
    CREATE TABLE bench_acted (clock bigint, at timestamptz DEFAULT clock_timestamp());
    CREATE FUNCTION bench_record() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO bench_acted (clock) VALUES (NEW.clock_id); RETURN NEW; END';
    CREATE TRIGGER bench_record AFTER INSERT ON sla_escalation FOR EACH ROW
        WHEN (NEW.step = 'breach') EXECUTE FUNCTION bench_record();
"""
LAGS = """
    SELECT extract(epoch FROM min(acted.at) - clock.due_at)::float, count(acted)
    FROM sla_clock clock LEFT JOIN bench_acted acted ON acted.clock = clock.id
    WHERE clock.id = ANY(%s) GROUP BY clock.id
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clocks", type=int, default=100_000, help="open clocks that are not due")
    parser.add_argument("--watched", type=int, default=200, help="clocks that run out, in each round")
    parser.add_argument("--apart", type=float, default=0.05, help="seconds between two deadlines")
    parser.add_argument("--backlog", type=int, default=10_000, help="tasks queued ahead in the second round")
    options = parser.parse_args()
    set_up(options.clocks)
    workers = [start("worker"), start("worker", "--cluster", "pulse")]
    time.sleep(LEAD_TIME)
    try:
        print(
            f"{options.clocks:,} open clocks, a deadline each {options.apart * 1000:.0f} ms; milliseconds late"
        )
        measure("in peace", options.watched, options.apart)
        queue(options.backlog)
        measure(f"behind {options.backlog:,} tasks", options.watched, options.apart)
        measure("under kill -9", options.watched, options.apart, lambda: kill_a_worker(workers[1]))
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait()
    return 0


def set_up(clocks: int) -> None:
    from django.conf import settings

    address = urlsplit(database.url(BASE, environ.Env()))
    with psycopg.connect(address._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {SCRATCH}")
    os.environ |= {
        "DATABASE_URL": address._replace(path=f"/{SCRATCH}").geturl(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
    }
    assert not settings.configured
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    make_world()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RECORD)
        cursor.execute(FILLER, [clocks])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def make_world() -> None:
    """Five reps, and a policy that sends a lead to the catch-all queue when its deadline is missed."""
    from datetime import timedelta

    from leadrouting.sla.making import make
    from tests import world

    make("Bench", {"respond": timedelta(days=1)}, hours="always", max_reassignments=0)
    reps = world.reps(5, team=world.team(away_after=0))  # they miss every deadline: else they were set away
    world.live(world.pool(*reps))


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(BASE / "manage.py"), *arguments], cwd=BASE)


def queue(tasks: int) -> None:
    from django.db import transaction
    from django_q.tasks import async_task

    with transaction.atomic():
        for _ in range(tasks):
            async_task("time.sleep", 0.02, q_options={"save": False})


def measure(name: str, watched: int, apart: float, disturb: Callable[[], None] = lambda: None) -> None:
    """Let that many clocks run out, one each `apart` seconds, and print how late they were acted on."""
    clocks = wind(watched, apart)
    end = time.monotonic() + LEAD_TIME + watched * apart + 2
    time.sleep(LEAD_TIME)
    while time.monotonic() < end - 2:
        disturb()
        time.sleep(min(2, apart * watched))
    time.sleep(max(end - time.monotonic(), 0))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(LAGS, [clocks])
        rows = cursor.fetchall()
    late = sorted(lag * 1000 for lag, times in rows if times)
    assert all(times <= 1 for _, times in rows), "A clock acted twice."
    print(
        f"{name:>22}: p50 {late[len(late) // 2]:6.1f}  p99 {late[len(late) * 99 // 100]:6.1f}  "
        f"worst {late[-1]:6.1f}  missed {len(rows) - len(late)}",
        flush=True,
    )


def wind(watched: int, apart: float) -> list[int]:
    from django.db import connection

    from leadrouting.sla.models import Clock
    from tests import world

    leads = [world.lead().pk for _ in range(watched)]
    clocks = list(Clock.objects.filter(lead__in=leads, ended_at=None).values_list("pk", flat=True))
    assert len(clocks) == watched
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sla_clock SET due_at = at, wake_at = at, plan = (SELECT jsonb_agg(jsonb_set(step, '{at}', to_jsonb("
            "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00')))) FROM jsonb_array_elements(plan) step) FROM (SELECT id, clock_timestamp() + %s * interval '1 s' + "
            "row_number() OVER () * %s * interval '1 s' AS at FROM unnest(%s::bigint[]) id) t WHERE sla_clock.id = t.id",
            [LEAD_TIME, apart, clocks],
        )
    return clocks


def kill_a_worker(keeper: subprocess.Popen[bytes]) -> None:
    family = psutil.Process(keeper.pid).children(recursive=True)
    if len(family) > 1:
        family[1].kill()


if __name__ == "__main__":
    sys.exit(main())
