"""Shares that are not full, from routing to replay: turns follow them, and the books keep their promises."""

from collections import Counter
from datetime import date, timedelta

import pytest

from leadrouting.assignments.models import Decision, Roster
from leadrouting.assignments.models import Rotation as Books
from leadrouting.assignments.orders import Order
from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.stories import story
from leadrouting.assignments.supposing import supposed
from leadrouting.engine.forecast import forecast
from leadrouting.engine.roster import Rotation
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Attainment, Quota
from leadrouting.teams.snapshot import people_now
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

WEEK = timedelta(weeks=1)


def route(number: int, at) -> Counter:
    """Who got so many leads that came at that moment."""
    leads = Lead.objects.bulk_create([Lead(name=f"L{n}", created_at=at) for n in range(number)])
    route_many([Order(lead.pk) for lead in leads], at)
    return Counter(Lead.objects.filter(pk__in=[lead.pk for lead in leads]).values_list("owner_id", flat=True))


def test_turns_follow_the_weeks_and_every_decision_can_be_replayed():
    old, new = world.rep(), world.rep(started_on=date(2026, 3, 2))
    pool = world.pool(old, new)
    world.live(pool)
    shares = [route(100, world.NOON + number * WEEK)[new.pk] for number in range(-1, 5)]
    assert all(
        abs(share - exact) < 2 for share, exact in zip(shares, [0, 20, 33.3, 42.9, 50, 50], strict=True)
    )
    assert list(differences(Decision.objects.order_by("id"))) == []
    assert Roster.objects.filter(pool=pool).count() == 5
    books = Books.objects.get(pool=pool)
    assert sum(books.credits) + books.rest == 0
    assert books.turns == 600


def test_who_has_no_share_is_passed_over_with_that_reason_and_comes_back_when_the_month_is_over():
    star, other = world.rep(), world.rep()
    Quota.objects.create(rep=star, target=100)
    Attainment.objects.create(rep=star, first_day=date(2026, 3, 1), achieved=125, counted_at=world.NOON)
    pool = world.pool(star, other)
    world.live(pool)
    assert route(4, world.NOON) == {other.pk: 4}
    assert Decision.objects.latest("id").tried[-1]["reasons"] == {"no_share": [star.pk]}
    assert Books.objects.get(pool=pool).credits == [0, 0]
    assert route(4, world.NOON + timedelta(days=30)) == {star.pk: 2, other.pk: 2}
    assert list(differences(Decision.objects.order_by("id"))) == []


def test_a_pool_of_people_without_a_share_hands_on_to_the_next_step():
    new, backstop = world.rep(started_on=date(2026, 3, 9)), world.rep()
    world.live(world.pool(new), backstop)
    assert route(2, world.NOON) == {backstop.pk: 2}
    assert list(differences(Decision.objects.order_by("id"))) == []


@pytest.mark.parametrize("strategy", ["least_loaded", "least_utilised", "capacity"])
def test_half_a_share_counts_in_every_strategy(strategy):
    old, new = world.rep(max_open=50), world.rep(max_open=50, started_on=date(2026, 2, 25))
    world.live(world.pool(old, new, strategy=strategy))
    assert abs(route(30, world.NOON)[new.pk] - 10) <= 1
    assert list(differences(Decision.objects.order_by("id"))) == []


def test_the_story_and_the_dry_run_say_how_large_a_share_is_and_why():
    old, new = world.rep("Ben Haas"), world.rep("Lena Brandt", started_on=date(2026, 2, 25))
    world.live(world.pool(old, new))
    route(3, world.NOON)
    decision = Decision.objects.filter(rep=new).first()
    told = story(decision)
    assert "Lena Brandt: half share, week 2 of the ramp-up." in told.turn
    assert [one.says for one in told.candidates] == [
        "took it; half share, week 2 of the ramp-up",
        "comes later in the rotation",
    ]
    found = rehearse(supposed({"email": "a@example.org"}, now=world.NOON), now=world.NOON)
    assert "Lena Brandt: half share, week 2 of the ramp-up." in found.explanation
    later = rehearse(supposed({"email": "a@example.org"}, now=world.NOON), now=world.NOON + 5 * WEEK)
    assert not any("share" in line for line in later.explanation)


def test_the_turns_told_ahead_are_those_that_are_taken():
    members = [world.rep(), world.rep(started_on=date(2026, 2, 25)), world.rep(started_on=date(2026, 3, 9))]
    pool = world.pool(*members, weights=[1, 3, 2])
    world.live(pool)
    told = forecast(Rotation(), people_now().at(world.NOON).pools[pool.pk], ())[0].turns
    leads = Lead.objects.bulk_create([Lead(name=f"L{n}", created_at=world.NOON) for n in range(20)])
    route_many([Order(lead.pk) for lead in leads], world.NOON)
    decided = Decision.objects.order_by("id").values_list("rep_id", flat=True)
    assert list(told) == list(decided)
    assert members[2].pk not in told
