"""The day at a glance."""

from datetime import timedelta

import pytest

from leadrouting.analytics.today import today
from tests import world
from tests.analytics import past
from tests.analytics.past import at

pytestmark = pytest.mark.django_db

NOW = at(2, 20)


def test_today_counts_from_midnight_in_the_zone():
    ann = world.rep("Ann")
    late = past.lead(at(1, 23, 30))  # half past midnight on Wednesday in Berlin
    past.clock(past.owned(late, ann, at(1, 23, 31)), "missed", at(2, 0, 30))
    owned = past.lead(at(2, 8))
    past.clock(past.owned(owned, ann, at(2, 19, 30)))  # due at 19:45
    past.lead(at(2, 9))

    day = today(NOW)
    assert (day.since, day.leads, day.breaches, day.overdue, day.open) == (at(2, 0), 2, 1, 1, 2)
    assert (day.owned_share.numerator, day.owned_share.denominator) == (1, 2)
    berlin = today(NOW, "Europe/Berlin")
    assert (berlin.since, berlin.leads, berlin.owned_share.shown) == (at(1, 23), 3, "66.7 %")


def test_queues_are_alarming_when_too_full_or_too_slow():
    slow = world.queue("Slow", alarm_after=timedelta(hours=1))
    full = world.queue("Full", alarm_depth=1)
    past.lead(NOW - timedelta(hours=2), queue=slow)
    for _ in range(2):
        past.lead(NOW, queue=full)
    past.lead(NOW)
    junk = past.lead(NOW, queue=world.queue("Done"))
    past.closed(junk, "junk", NOW)

    rows = today(NOW).waiting
    assert [(row.queue.name, row.leads, row.alarm) for row in rows] == [
        ("Full", 2, True),
        ("Intake", 1, False),
        ("Slow", 1, True),
    ]
    assert today(NOW).waiting_leads == 4


def test_an_empty_day_shows_a_dash():
    day = today(NOW)
    assert (day.leads, day.owned_share.shown, day.waiting) == (0, "–", [])


def test_the_number_of_queries_is_constant(django_assert_num_queries):
    for _ in range(3):
        past.lead(NOW, queue=world.queue(f"Queue {_}"))
    with django_assert_num_queries(6):
        today(NOW)
