"""What does a saved and routed lead cost? In units of a plain `create()` of the same lead, in one run.

Run: python bench/routing.py [--quick]. Uses a scratch database beside the embedded one (or beside DATABASE_URL).
Prints the ratio at 1, 100 and 10,000 rules, with 5 and 500 members in the pool; the statements as PostgreSQL
logged them and the round trips as they went over the wire; and where the time of a routed lead goes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
warnings.simplefilter("ignore")

from bench.scratch import scratch_database  # noqa: E402  after the path

CASES = ((1, 5), (100, 5), (10_000, 5), (100, 500))
ROUNDS, BATCH = 12, 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, for a smoke test")
    options = parser.parse_args()
    os.environ["LOG_LEVEL"] = "ERROR"
    with scratch_database("bench_routing"):
        run(3 if options.quick else ROUNDS)
    return 0


def run(rounds: int) -> None:
    from leadrouting.sla.making import make
    from tests import world

    make("An hour", {"respond": timedelta(hours=1)})
    team = world.team()
    print("  rules  members  plain create us  saved and routed us  ratio (median, best)")
    for rules, members in CASES:
        set_up(rules, members, team)
        with unrouted():
            per_lead(BATCH)
        per_lead(BATCH)
        plain: list[float] = []
        routed: list[float] = []
        for _ in range(rounds):
            with unrouted():
                plain.append(per_lead(BATCH))
            routed.append(per_lead(BATCH))
        print(
            f"{rules:7,}  {members:7,}  {median(plain) * 1e6:15,.0f}  {median(routed) * 1e6:19,.0f}"
            f"  {median(routed) / median(plain):5.2f}, {min(routed) / min(plain):.2f}"
        )
    set_up(100, 5, team)
    per_lead(BATCH)
    wire()
    shares()


def set_up(rules: int, members: int, team: Any) -> None:
    """The live version: one rule takes every lead, `rules - 1` above it never match but all are asked."""
    from leadrouting.rules.models import Condition, Rule, Target
    from leadrouting.rules.services import publish
    from tests import world

    pool = world.pool(*world.reps(members, team=team))
    rule_set = world.rule_set()
    made = Rule.objects.bulk_create(
        [Rule(rule_set=rule_set, precedence=number, name=f"Rule {number}") for number in range(rules)]
    )
    Condition.objects.bulk_create(
        condition
        for number, rule in enumerate(made[:-1])
        for condition in (
            Condition(
                rule=rule, position=0, fact="country", operator="is", value=("DE", "IN", "US")[number % 3]
            ),
            Condition(rule=rule, position=1, fact="company_size", operator="is", value=str(100_000 + number)),
        )
    )
    Target.objects.bulk_create(Target(rule=rule, kind="pool", pool=pool) for rule in made)
    publish(rule_set=rule_set, by=None, now=world.NOON)


def per_lead(count: int) -> float:
    """Seconds for one `Lead.objects.create`, with whatever listens to it."""
    from leadrouting.leads.models import Lead

    leads = [fields(number) for number in range(count)]
    start = perf_counter()
    for values in leads:
        Lead.objects.create(**values)
    return (perf_counter() - start) / count


def fields(number: int) -> dict[str, Any]:
    return {
        "name": f"Lead {number}",
        "email": f"lead{number}@example.org",
        "email_domain": "example.org",
        "country": ("DE", "IN", "US")[number % 3],
        "language": "en",
        "channel": "web_form",
        "source": "google",
        "product": "crm",
        "company_size": number,
        "utm_source": "google",
        "landing_page": "https://example.com/pricing",
    }


@contextmanager
def unrouted() -> Iterator[None]:
    """Leads saved inside are not routed: what a plain create costs."""
    from django.db.models.signals import post_save

    from leadrouting.assignments.receivers import route_on_commit
    from leadrouting.leads.models import Lead

    uid = "assignments.route_on_commit"
    post_save.disconnect(sender=Lead, dispatch_uid=uid)
    yield
    post_save.connect(route_on_commit, sender=Lead, dispatch_uid=uid)


def wire() -> None:
    """Count one lead's statements and round trips in the protocol trace of libpq, both directions."""
    from django.db import connection
    from psycopg import pq

    driver = connection.connection.pgconn
    with tempfile.TemporaryFile() as trace:
        driver.trace(trace.fileno())
        driver.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        per_lead(1)
        driver.untrace()
        trace.seek(0)
        messages = [line.split("\t") for line in trace.read().decode(errors="replace").splitlines()]
    sides = [(parts[0], parts[2]) for parts in messages if parts[0] in ("F", "B")]
    statements = sum(side == "F" and kind in ("Query", "Execute") for side, kind in sides)
    trips = sum(a[0] == "F" and b[0] == "B" for a, b in pairwise(sides))
    print(
        f"\nOne saved and routed lead: {statements} statements in {trips} round trips, BEGIN and COMMIT included."
    )


def shares() -> None:
    """Where the time goes: waiting for PostgreSQL, deciding, and the rest of Python."""
    from psycopg import Connection

    from leadrouting.assignments import routing

    spent = {"waiting for PostgreSQL": 0.0, "deciding": 0.0}
    with (
        timed(Connection, "wait", spent, "waiting for PostgreSQL"),
        timed(routing, "decide_all", spent, "deciding"),
    ):
        whole = per_lead(300)
    spent = {what: seconds / 300 for what, seconds in spent.items()}
    spent["the rest of Python"] = whole - sum(spent.values())
    print(
        "Where the time goes (each lead, us): " + ", ".join(f"{k} {v * 1e6:,.0f}" for k, v in spent.items())
    )


@contextmanager
def timed(owner: Any, name: str, spent: dict[str, float], key: str) -> Iterator[None]:
    original: Callable[..., Any] = getattr(owner, name)

    def measured(*args: Any, **kwargs: Any) -> Any:
        start = perf_counter()
        try:
            return original(*args, **kwargs)
        finally:
            spent[key] += perf_counter() - start

    setattr(owner, name, measured)
    yield
    setattr(owner, name, original)


if __name__ == "__main__":
    sys.exit(main())
