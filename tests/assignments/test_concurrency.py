"""Real threads, real PostgreSQL: caps, one owner each, and fairness hold however many assign at once."""

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours
from leadrouting.assignments.models import Assignment, Decision, Load, Rotation
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.services import route_due
from leadrouting.engine.roster import LEAD
from leadrouting.leads.models import Lead
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 16
LEADS = 2_000
CAPPED_LEADS = int(os.environ.get("CAPPED_LEADS", "700"))  # 10,000 by hand


def in_threads(work: Callable[[int], Any], numbers: Iterable[int]) -> None:
    """Share the numbers out to THREADS threads, each with a connection of its own; errors come through."""

    def share(start: int) -> None:
        try:
            for number in list(numbers)[start::THREADS]:
                work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(share, range(THREADS)))


def save(number: int) -> None:
    Lead.objects.create(name=f"Lead {number}", email=f"lead{number}@example.org")


def owners_per_lead() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lead_id, count(*) FROM assignments_assignment WHERE ended_at IS NULL GROUP BY lead_id"
        )
        return {count for _, count in cursor.fetchall()}


def test_sixteen_threads_and_a_cap():
    weights = [1, 1, 2, 3, 5]
    members = world.reps(5, max_open=350)
    pool = world.pool(*members, weights=weights)
    triage = world.queue("Triage")
    world.live(pool, catch_all=triage)

    in_threads(save, range(LEADS))
    while route_due(timezone.now()):  # what gave way to those that wait
        pass

    opened = dict(Load.objects.values_list("rep_id", "open"))
    assert all(opened[member.pk] == 350 for member in members)
    assert Assignment.objects.filter(ended_at=None).count() == 5 * 350
    assert owners_per_lead() == {1}
    assert Lead.objects.filter(queue=triage).count() == LEADS - 5 * 350
    rotation = Rotation.objects.get(pool=pool)
    assert rotation.turns == 5 * 350
    assert sum(rotation.credits) + rotation.rest == 0


def test_the_fairness_bound_holds():
    weights = [1, 2, 3, 4, 7]
    members = world.reps(5)
    pool = world.pool(*members, weights=weights)
    world.live(pool)

    in_threads(save, range(600))

    total = sum(weights)
    taken = Counter(Assignment.objects.filter(ended_at=None).values_list("rep_id", flat=True))
    assert sum(taken.values()) == 600
    # A decision stores the credits before its turn, that is how far each count is from its share: at every prefix.
    seen = [tried["credits"] for (tried,) in Decision.objects.values_list("tried", flat=True)]
    assert len(seen) == 600
    assert all(abs(credit) < LEAD for credits in seen for credit in credits)
    for member, weight in zip(members, weights, strict=True):
        assert abs(taken[member.pk] - Fraction(600 * weight, total)) < 1


def test_two_pools_with_shared_reps_do_not_deadlock_or_pass_a_cap():
    shared = world.reps(4, max_open=100)
    first, second = world.pool(*shared), world.pool(*reversed(shared))
    rules = world.rule_set()
    world.rule(rules, first, second, when=[("country", "is", "DE")])
    world.rule(rules, second, first)
    world.publish(rule_set=rules, by=None, now=world.NOON)

    in_threads(
        lambda n: Lead.objects.create(
            name=f"Lead {n}", country="DE" if n % 2 else "FR", email=f"x{n}@example.org"
        ),
        range(600),
    )

    assert set(Load.objects.filter(rep__in=shared).values_list("open", flat=True)) == {100}
    assert Lead.objects.filter(owner__isnull=False).count() == 400


def test_caps_of_all_kinds_over_several_pools_that_share_reps():
    many = max(1, CAPPED_LEADS // 700)
    full_team = world.team(max_open=90 * many, max_day=80 * many)
    reps = [
        *world.reps(3, team=full_team),
        *world.reps(2, max_open=40 * many),
        *world.reps(2, max_day=30 * many),
        *world.reps(2, max_hour=20 * many),
        *world.reps(1, max_week=25 * many, time_zone="Asia/Kolkata"),
    ]
    pools = [
        world.pool(*reps),
        world.pool(*reversed(reps), strategy="least_loaded"),
        world.pool(*reps[::2], absence="catch_up"),
        world.pool(*reps[1::2], weights=[1, 2, 3, 4, 5]),
    ]
    rules = world.rule_set()
    for number, country in enumerate(["DE", "FR", "IT", "ES"]):
        ladder = [*pools[number:], *pools[:number]]
        world.rule(rules, *ladder, when=[("country", "is", country)])
    world.publish(rule_set=rules, by=None, now=world.NOON)
    today = timezone.now()

    def enter(number: int) -> None:
        country = ["DE", "FR", "IT", "ES"][number % 4]
        lead = Lead.objects.create(name=f"L{number}", country=country, email=f"c{number}@example.org")
        if number % 9 == 0 and (owner := Lead.objects.select_related("owner__user").get(pk=lead.pk).owner):
            with contextlib.suppress(NotYours):
                ownership.decline(lead_id=lead.pk, by=owner.user, reason="No", now=timezone.now())

    in_threads(enter, range(CAPPED_LEADS))

    if timezone.now().replace(minute=0, second=0, microsecond=0) > today:
        pytest.skip("an hour has begun in between")
    loads = [Load.objects.get(rep=rep) for rep in reps]
    assert sum(load.day for load in loads[:3]) <= 80 * many
    assert all(load.open <= 40 * many for load in loads[3:5])
    assert all(load.day <= 30 * many for load in loads[5:7])
    assert all(load.hour <= 20 * many for load in loads[7:9])
    assert loads[9].week <= 25 * many
    owned = Counter(Assignment.objects.filter(ended_at=None).values_list("rep_id", flat=True))
    assert {load.rep_id: load.open for load in loads if load.open} == owned
    for rotation in Rotation.objects.filter(pool__in=pools):
        assert sum(rotation.credits) + rotation.rest == 0
    assert not list(differences(Decision.objects.all()))
