"""How long do sales ops wait when open clocks shall follow a changed policy?

Run: python bench/recomputing.py [--clocks 10000]. Uses a scratch database. Prints queries and seconds of the preview and of
applying it, beside a plain `bulk_create()` of as many leads in the same run.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from time import perf_counter

BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE))
warnings.simplefilter("ignore")

from bench.scratch import scratch_database  # noqa: E402  after the path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clocks", type=int, default=10_000)
    options = parser.parse_args()
    os.environ["LOG_LEVEL"] = "ERROR"
    with scratch_database("bench_recomputing"):
        run(options.clocks)
    return 0


def run(number: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from bench.bulk import leads, office, routed
    from leadrouting.sla import recomputing
    from leadrouting.sla.models import Clock, Target
    from leadrouting.teams.models import User
    from tests import world

    office(25)
    start = perf_counter()
    leads(number)
    saving = perf_counter() - start
    routed()
    Target.objects.update(within=timedelta(hours=2))
    start = perf_counter()
    with CaptureQueriesContext(connection) as queries:
        changes = recomputing.preview()
    looking = perf_counter() - start
    assert len(changes) == Clock.objects.filter(ended_at=None).count() == number
    ops = world.user("Olga", role=User.Role.OPS)
    start = perf_counter()
    done = recomputing.apply(by=ops, seen=recomputing.sight(changes), now=timezone.now())
    applying = perf_counter() - start
    assert done == number and not recomputing.preview()
    print(f"{number:,} open clocks, all of which change. bulk_create of as many leads: {saving:.1f} s")
    print(f"  preview {looking:.1f} s, {len(queries)} queries: {looking / saving:.2f} of that")
    print(f"  apply   {applying:.1f} s (it looks again first): {applying / saving:.2f} of that")


if __name__ == "__main__":
    sys.exit(main())
