"""A new rep's share grows by the week where the rep is, without anybody saving anything."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.roster import Part, share_of
from leadrouting.teams.models import Attainment, Quota, QuotaStep, RampWeek, SharePlan
from leadrouting.teams.ramping import Attained, Ramp, period_after
from leadrouting.teams.snapshot import read_people
from tests import world

FIRST = ((1, 25), (2, 50), (3, 75), (4, 100))
MONDAY = date(2026, 3, 2)
SECOND = timedelta(seconds=1)


def weights(pool, at) -> list[int]:
    return [member.weight for member in read_people(0).at(at).pools[pool.pk].members]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, Part("ramp", 0, 0)),
        (0, Part("ramp", 1, 25)),
        (6, Part("ramp", 1, 25)),
        (7, Part("ramp", 2, 50)),
        (20, Part("ramp", 3, 75)),
        (21, None),
        (28, None),
        (400, None),
    ],
)
def test_shares_by_week(days, expected):
    assert Ramp(MONDAY, FIRST).part(MONDAY + timedelta(days=days)) == expected


def test_a_week_that_is_not_named_is_as_the_one_before_and_after_the_last_comes_a_full_share():
    ramp = Ramp(MONDAY, ((2, 40), (4, 60)))
    shares = [
        part.percent if (part := ramp.part(MONDAY + number * timedelta(weeks=1))) else 100
        for number in range(5)
    ]
    assert shares == [100, 40, 40, 60, 100]
    assert Ramp(MONDAY, ()).part(MONDAY) is None


def test_a_quota_counts_in_its_own_period_only():
    attained = Attained(110, date(2026, 3, 1), date(2026, 4, 1), ((100, 50), (120, 0)))
    assert attained.part(date(2026, 2, 28)) is None
    assert attained.part(date(2026, 3, 31)) == Part("quota", 100, 50)
    assert attained.part(date(2026, 4, 1)) is None
    assert period_after(date(2026, 10, 1), 3) == date(2027, 1, 1)
    assert period_after(date(2026, 12, 1), 1) == date(2027, 1, 1)


parts = st.lists(st.builds(Part, st.just("ramp"), st.just(1), st.integers(0, 300)), max_size=4)


@given(parts)
def test_several_causes_multiply_and_only_nought_leaves_nothing(some):
    share = share_of(some)
    exact = 100.0
    for part in some:
        exact *= part.percent / 100
    assert (share == 0) == any(part.percent == 0 for part in some)
    assert abs(share - exact) <= 0.5 + 1e-6 or share == 1


@pytest.mark.django_db
def test_shares_change_at_midnight_where_the_rep_is_and_nobody_saves_anything():
    old, new = world.rep(), world.rep(time_zone="Pacific/Auckland", started_on=MONDAY)
    pool = world.pool(old, new)
    midnight = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)  # 2 March, 00:00 in Auckland
    people = read_people(0)
    seen = [
        [m.weight for m in people.at(midnight + number * timedelta(weeks=1) + off).pools[pool.pk].members]
        for number in range(4)
        for off in (-SECOND, 0 * SECOND)
    ]
    assert seen == [[1, 0], [4, 1], [4, 1], [2, 1], [2, 1], [4, 3], [4, 3], [1, 1]]


@pytest.mark.django_db
def test_the_clock_change_does_not_move_midnight():
    new = world.rep(time_zone="Europe/Berlin", started_on=date(2026, 3, 23))
    pool = world.pool(world.rep(), new)
    midnight = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)  # 30 March, 00:00: summer time since Sunday
    assert weights(pool, midnight - SECOND) == [4, 1]
    assert weights(pool, midnight) == [2, 1]


@pytest.mark.django_db
def test_between_two_changes_it_is_the_same_reading():
    world.pool(world.rep(), world.rep(started_on=MONDAY))
    people = read_people(0)
    assert people.at(world.NOON) is people.at(world.NOON + timedelta(days=2))
    assert people.at(world.NOON) is people.at(world.NOON + timedelta(weeks=9)).at(world.NOON)
    plain = read_people(0)
    assert plain.at(world.NOON) is not people.at(world.NOON)


@pytest.mark.django_db
def test_pools_without_anybody_new_keep_their_weights_as_typed():
    world.rep(started_on=MONDAY)
    assert weights(world.pool(*world.reps(2), weights=[2, 4]), world.NOON) == [2, 4]


@pytest.mark.django_db
def test_a_team_may_have_a_table_of_its_own_and_what_it_leaves_empty_is_as_for_everybody():
    team = world.team()
    pool = world.pool(world.rep(team=team), world.rep(team=team, started_on=MONDAY))
    plan = SharePlan.objects.create(team=team)
    assert weights(pool, world.NOON) == [4, 1]
    RampWeek.objects.create(plan=plan, week=1, share=10)
    assert weights(pool, world.NOON) == [10, 1]
    assert weights(pool, world.NOON + timedelta(weeks=1)) == [1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("achieved", "expected"), [(99, [1, 1]), (100, [2, 1]), (119, [2, 1]), (120, [1, 0])]
)
def test_who_has_reached_the_quota_gets_less_until_the_period_ends(achieved, expected):
    seller = world.rep(time_zone="Asia/Kolkata")
    pool = world.pool(world.rep(), seller)
    Quota.objects.create(rep=seller, target=100, measure="number")
    Attainment.objects.create(
        rep=seller, first_day=date(2026, 3, 1), achieved=achieved, counted_at=world.NOON
    )
    assert weights(pool, world.NOON) == expected
    april = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)  # 1 April, 00:00 in Kolkata
    assert weights(pool, april - SECOND) == expected
    assert weights(pool, april) == [1, 1]


@pytest.mark.django_db
def test_ramp_up_and_quota_multiply():
    new = world.rep(started_on=date(2026, 2, 24))
    pool = world.pool(world.rep(), new)
    Quota.objects.create(rep=new, target=10)
    Attainment.objects.create(rep=new, first_day=date(2026, 3, 1), achieved=11, counted_at=world.NOON)
    assert weights(pool, world.NOON) == [4, 1]  # half of a half
    QuotaStep.objects.filter(reached=100).update(share=1)
    assert weights(pool, world.NOON) == [100, 1]


@pytest.mark.django_db
def test_a_walk_through_the_past_keeps_a_few_moments_only():
    pool = world.pool(world.rep(), *(world.rep(started_on=MONDAY + timedelta(days=day)) for day in range(20)))
    people = read_people(0)
    drawn = [people.at(world.NOON + timedelta(days=day)).pools[pool.pk].members for day in range(40)]
    assert len(people.eras) == 8
    assert [people.at(world.NOON + timedelta(days=day)).pools[pool.pk].members for day in range(40)] == drawn
