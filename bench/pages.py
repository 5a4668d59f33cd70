"""How long does the server take for the pages that reps and managers have open all day?

Run: python bench/pages.py [--leads 500] [--rounds 20]. Uses a scratch database. One rep owns that many open leads with
running clocks, a colleague a few. Prints queries, the median and the slowest of the rounds in milliseconds, the size as it
is and gzipped, and what a live page costs that finds nothing new. Exits with 1 when many leads cost more queries than few.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE))
warnings.simplefilter("ignore")

from bench.scratch import scratch_database  # noqa: E402  after the path

FEW = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="3 rounds")
    options = parser.parse_args()
    os.environ["LOG_LEVEL"] = "ERROR"
    with scratch_database("bench_pages"):
        return run(options.leads, 3 if options.quick else options.rounds)


def run(number: int, rounds: int) -> int:
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from leadrouting.assignments.services import route
    from leadrouting.leads.models import Lead
    from leadrouting.sla.making import make
    from leadrouting.teams.models import Rep, User
    from tests import world

    settings.ALLOWED_HOSTS = ["*"]
    now = timezone.now()
    boss = world.user("Mira", role=User.Role.MANAGER)
    team = world.team("EMEA", manager=boss)
    many, few = world.rep("Many", team=team), world.rep("Few", team=team)
    world.live(world.pool(many, few), catch_all=world.queue("Triage", owner=boss))
    make("Within the hour", {"respond": timedelta(hours=1)}, hours="always")
    for rep, other, leads in ((many, few, number), (few, many, FEW)):
        Rep.objects.filter(pk=other.pk).update(presence="away")
        Rep.objects.filter(pk=rep.pk).update(presence="available")
        for at in range(leads):
            lead = world.lead(name=f"Lead {at}", company="Bergström AB", message="We need a quote. " * 20)
            route(lead.pk, now=now)
    Rep.objects.update(presence="available")
    assert Lead.objects.filter(owner=many.pk).count() == number
    newest = Lead.objects.filter(owner=many.pk).latest("pk").pk
    pages = [
        (f"my leads, {FEW} open", few.user, "/leads/"),
        (f"my leads, {number} open", many.user, "/leads/"),
        (f"my leads, {number} open, page 2", many.user, "/leads/?page=2"),
        (f"my leads, {number} open, searched", many.user, "/leads/?q=lead+4"),
        ("a lead", many.user, f"/leads/{newest}/"),
        (f"team, {number + FEW} open", boss, "/team/"),
    ]
    print(f"{'':32} queries  median  slowest     kB  gzipped")
    costs = {}
    for name, user, path in pages:
        client = Client()
        client.force_login(user)
        costs[name] = measured(name, client, path, rounds)
    few_cost, many_cost = costs[pages[0][0]], costs[pages[1][0]]
    print(f"{number} open leads cost {many_cost[1] / few_cost[1]:.1f} times what {FEW} do.")
    return int(many_cost[0] > few_cost[0])


def measured(name: str, client: object, path: str, rounds: int) -> tuple[int, float]:
    """Queries, and the median in ms."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    assert isinstance(client, Client)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    asked = len(queries)  # now: the log is emptied by the next request
    assert answer.status_code == 200, answer
    took = []
    for _ in range(rounds):
        start = perf_counter()
        client.get(path)
        took.append((perf_counter() - start) * 1000)
    size, packed = len(answer.content) / 1000, len(gzip.compress(answer.content)) / 1000
    print(
        f"{name:32} {asked:7} {median(took):7.0f} {max(took):8.0f} {size:6.0f} {packed:8.1f}",
        flush=True,
    )
    return asked, median(took)


if __name__ == "__main__":
    sys.exit(main())
