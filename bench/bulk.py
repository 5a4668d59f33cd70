"""How fast are many leads routed at once? Beside a plain `bulk_create()` of the same leads, in one run.

Run: python bench/bulk.py [--leads 20000] [--rules 25]. Uses a scratch database. Prints leads a second of both, in turn and
several times, and their ratio: 1.00 would mean that routing them costs no more than saving them did.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import warnings
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE))
warnings.simplefilter("ignore")

from bench.scratch import scratch_database  # noqa: E402  after the path

ROUNDS = 3
COUNTRIES = ("DE", "AT", "CH", "FR", "ES", "IT", "PL", "GB", "US", "IN")
CHANNELS = ("web_form", "email", "phone", "whatsapp", "ad_form")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--rules", type=int, default=25)
    parser.add_argument("--profile", action="store_true", help="where the time of routing goes")
    options = parser.parse_args()
    os.environ["LOG_LEVEL"] = "ERROR"
    with scratch_database("bench_bulk"):
        run(options.leads, options.rules, options.profile)
    return 0


def run(number: int, rules: int, profiled: bool) -> None:
    office(rules)
    leads(200), routed()
    print(f"{number:,} leads, {rules} rules, 40 reps in 8 pools, a deadline each")
    saving: list[float] = []
    routing: list[float] = []
    for _ in range(ROUNDS):
        saving.append(timed(lambda: leads(number)))
        routing.append(timed(routed) if not profiled else profile(routed))
        print(
            f"  bulk_create {number / saving[-1]:8,.0f} leads/s   route_many {number / routing[-1]:8,.0f} leads/s"
        )
    print(f"  route_many has {median(saving) / median(routing):.2f} of the speed of bulk_create")


def office(rules: int) -> None:
    from datetime import timedelta

    from leadrouting.sla.making import make
    from tests import world

    make("An hour", {"respond": timedelta(hours=1)})
    team = world.team()
    pools = [world.pool(*world.reps(5, team=team)) for _ in range(8)]
    rule_set = world.rule_set()
    for place in range(rules - 1):
        country, channel = COUNTRIES[place % 10], CHANNELS[place % 5]
        world.rule(rule_set, pools[place % 8], when=[("country", "is", country), ("channel", "is", channel)])
    world.rule(rule_set, pools[-1])
    world.publish(rule_set=rule_set, by=None, now=world.NOON)


def leads(number: int) -> None:
    """As an import saves them: in batches of 500."""
    from leadrouting.leads.models import Lead

    chance = random.Random(number)
    Lead.objects.bulk_create(
        [
            Lead(
                name=f"Lead {n}",
                email=f"lead{n}@acme{n}.example",
                email_domain=f"acme{n}.example",
                phone=f"+4930{n:07}",
                company=f"Acme {n}",
                message="We look for something like this. Please call.",
                country=chance.choice(COUNTRIES),
                channel=chance.choice(CHANNELS),
                source="google",
            )
            for n in range(number)
        ],
        batch_size=500,
    )


def routed() -> None:
    from django.utils import timezone

    from leadrouting.assignments.orders import Order
    from leadrouting.assignments.routing import route_many
    from leadrouting.leads.models import Lead

    new = Lead.objects.filter(status="received").order_by("id").values_list("pk", flat=True)
    outcomes = route_many([Order(lead) for lead in new], timezone.now())
    assert all(one.verdict.rep for one in outcomes)


def timed(do: Any) -> float:
    start = perf_counter()
    do()
    return perf_counter() - start


def profile(do: Any) -> float:
    import cProfile
    import pstats

    seen = cProfile.Profile()
    seconds = timed(lambda: seen.runcall(do))
    pstats.Stats(seen).sort_stats("cumulative").print_stats(45)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
