"""Win rates shrunk towards the pool's: the algebra."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.winning import Record, factor, shrunk

records = st.integers(0, 300).flatmap(
    lambda closed: st.builds(Record, st.integers(0, closed), st.just(closed))
)
pools = records.filter(lambda one: one.closed > 0)
priors = st.integers(1, 200)


@given(records, pools, priors)
def test_it_lies_between_the_own_rate_and_the_pools(own, pool, prior):
    rate = shrunk(own, pool, prior)
    rates = sorted([pool.rate if own.rate is None else own.rate, pool.rate])
    assert rates[0] <= rate <= rates[1]


@given(records, pools, priors)
def test_one_more_win_never_lowers_it_and_one_more_loss_never_lifts_it(own, pool, prior):
    rate = shrunk(own, pool, prior)
    assert shrunk(Record(own.won + 1, own.closed + 1), pool, prior) >= rate
    assert shrunk(Record(own.won, own.closed + 1), pool, prior) <= rate


@given(records, pools, priors)
def test_the_more_deals_the_closer_to_the_own_rate(own, pool, prior):
    if own.closed:
        ten = Record(own.won * 10, own.closed * 10)
        assert abs(shrunk(ten, pool, prior) - own.rate) <= abs(shrunk(own, pool, prior) - own.rate)
        assert abs(shrunk(own, pool, prior * 2) - pool.rate) <= abs(shrunk(own, pool, prior) - pool.rate)


@given(records, records, priors, st.integers(1, 100), st.integers(100, 1000))
def test_the_floor_and_the_ceiling_hold(own, pool, prior, floor, ceiling):
    assert floor <= factor(own, pool, prior, floor, ceiling) <= ceiling


@given(pools, priors)
def test_who_closed_nothing_or_wins_as_the_pool_does_keeps_the_weight(pool, prior):
    assert factor(Record(), pool, prior, 50, 150) == 100
    assert factor(pool, pool, prior, 50, 150) == 100


def test_three_lucky_deals_do_not_make_a_star():
    pool = Record(30, 100)
    lucky, steady = Record(3, 3), Record(60, 100)
    assert shrunk(lucky, pool, 20) == Fraction(9, 23)
    assert shrunk(steady, pool, 20) == Fraction(66, 120)
    assert factor(lucky, pool, 20, 50, 300) == 130
    assert factor(steady, pool, 20, 50, 300) == 183
    assert factor(steady, pool, 20, 50, 150) == 150


@given(priors.filter(lambda prior: prior >= 3))
def test_three_of_three_is_less_than_sixty_of_a_hundred_when_the_pools_own_rate_counts_for_five_deals(prior):
    """At a pool's rate of 30 %: with so weak a prior as 3 deals the lucky ones are still ahead."""
    pool = Record(30, 100)
    better = shrunk(Record(60, 100), pool, prior) > shrunk(Record(3, 3), pool, prior)
    assert better == (prior >= 5)


def test_without_a_deal_or_a_win_in_the_pool_nothing_can_be_told():
    assert shrunk(Record(), Record(), 20) is None
    assert factor(Record(), Record(), 20, 50, 150) == 100
    assert factor(Record(0, 5), Record(0, 9), 20, 50, 150) == 100
