"""How fast does a waiting queue drain, and what does one free place cost while thousands wait?

Run: python bench/draining.py [--waiting 5000]. Uses a scratch database and a pulse cluster of its own. Prints the time
from the moment in which everybody is there to the last lead owned; the time from a closed lead to the owner of the
one that waited longest; and the work of that, in units of a plain `create()` of a lead.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE))
warnings.simplefilter("ignore")

from bench.routing import per_lead, unrouted  # noqa: E402  after the path
from bench.scratch import scratch_database  # noqa: E402

ROUNDS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--waiting", type=int, default=5_000)
    options = parser.parse_args()
    os.environ["LOG_LEVEL"] = "ERROR"
    with scratch_database("bench_draining"):
        run(options.waiting)
    return 0


def run(waiting: int) -> None:
    from tests import world

    reps = world.reps(20, team=world.team(), presence="away")
    pools = [world.pool(*reps), world.pool(*reps[10:])]
    rules = world.rule_set()
    for country, pool in zip(("DE", "FR"), pools, strict=True):
        world.rule(rules, pool, when=[("country", "is", country)])
    world.publish(rule_set=rules, by=None, now=world.NOON)
    plain = plain_create()
    print(f"{waiting:,} leads wait for 20 reps in 2 pools. A plain create of a lead: {plain * 1e3:.2f} ms")
    wait(waiting)
    with pulse():
        opens(waiting, plain)
        wait(waiting)
        closes()
    alone(plain)


def plain_create() -> float:
    from leadrouting.leads.models import Lead

    with unrouted():
        per_lead(50)
        seconds = median([per_lead(50) for _ in range(5)])
    Lead.objects.all().delete()
    return seconds


def wait(number: int) -> None:
    """Leads that nobody can take; when they came is minutes apart, so that it is clear whose turn it is."""
    from django.db import connection
    from django.utils import timezone

    from leadrouting.assignments.models import Stir
    from leadrouting.assignments.services import route_all
    from leadrouting.leads.models import Lead

    now = timezone.now()
    Lead.objects.bulk_create(
        Lead(name=f"Lead {n}", country=("DE", "FR")[n % 2], created_at=now - timedelta(minutes=number - n))
        for n in range(number)
    )
    new = Lead.objects.filter(status="received").order_by("id").values_list("pk", flat=True)
    route_all(list(new), now=now)
    Lead.objects.filter(owner=None).update(route_at=now + timedelta(hours=1))
    Stir.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class pulse:  # noqa: N801  reads as what it is
    """The pulse cluster, for as long as the block lasts."""

    def __enter__(self) -> None:
        arguments = [sys.executable, str(BASE / "manage.py"), "worker", "--cluster", "pulse"]
        self.keeper = subprocess.Popen(arguments, cwd=BASE)
        time.sleep(4)

    def __exit__(self, *error: Any) -> None:
        self.keeper.send_signal(signal.SIGTERM)
        self.keeper.wait()


def until(done: Callable[[], bool]) -> float:
    start = time.perf_counter()
    while not done():
        time.sleep(0.005)
    return time.perf_counter() - start


def opens(waiting: int, plain: float) -> None:
    from leadrouting.leads.models import Lead
    from leadrouting.teams.models import Rep

    unowned = Lead.objects.filter(owner=None)
    Rep.objects.update(presence="available")
    first = until(lambda: unowned.count() < waiting)
    last = first + until(lambda: not unowned.exists())
    print(
        f"Everybody comes: the first lead is owned after {first:.2f} s, the last after {last:.1f} s, "
        f"{last / waiting / plain:.1f} plain creates a lead"
    )
    Rep.objects.update(max_open=0)


def closes() -> None:
    from leadrouting.leads.models import Lead
    from leadrouting.teams.models import Rep

    Rep.objects.filter(pk=Rep.objects.order_by("pk").last().pk).update(max_open=1)
    times = []
    for _ in range(ROUNDS):
        close_all_of_the_last()
        next_one = Lead.objects.filter(owner=None).in_turn().first()
        times.append(until(Lead.objects.filter(pk=next_one.pk, owner__isnull=False).exists))
        time.sleep(0.3)
    times.sort()
    print(
        f"One lead is closed: the next in turn is owned after {median(times):.2f} s, at most {times[-1]:.2f} s"
    )


def close_all_of_the_last() -> None:
    """The one rep with a place closes what they have."""
    from django.utils import timezone

    from leadrouting.assignments import ownership
    from leadrouting.leads.models import Lead
    from leadrouting.teams.models import Rep

    rep = Rep.objects.select_related("user").order_by("pk").last()
    for lead in Lead.objects.open().owned_by(rep.pk):
        ownership.close(lead_id=lead.pk, by=rep.user, outcome="lost", now=timezone.now())


def alone(plain: float) -> None:
    """The same work in this process, and what new leads cost meanwhile."""
    from django.utils import timezone

    from leadrouting.assignments.models import Stir
    from leadrouting.assignments.services import route_due

    route_due(timezone.now())
    vain, one = [], []
    for _ in range(ROUNDS):
        Stir.objects.create()
        vain.append(timed(lambda: route_due(timezone.now())))
        close_all_of_the_last()
        one.append(timed(lambda: route_due(timezone.now())))
    full = median([per_lead(20) for _ in range(3)])
    Stir.objects.create()
    behind = median([per_lead(20) for _ in range(3)])
    for what, seconds in (
        ("A stir in vain", median(vain)),
        ("A place that is filled", median(one)),
        ("A new lead that finds nobody", full),
        ("A new lead that gives way", behind),
    ):
        print(f"{what}: {seconds * 1e3:.1f} ms, {seconds / plain:.1f} plain creates")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
