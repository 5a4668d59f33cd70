"""Weights that change from week to week: the books stay whole, nobody is ever two leads from what was due."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.forecast import forecast
from leadrouting.engine.roster import LEAD, Member, Part, Roster, Rotation, Strategy
from leadrouting.engine.rotation import next_turns, take_turn
from leadrouting.teams.shares import weighed

shares = st.lists(st.sampled_from([0, 1, 25, 33, 50, 75, 100]), min_size=2, max_size=6).filter(any)


def roster(percents, weights=None) -> Roster:
    members = [
        Member(rep, (weights or [1] * len(percents))[rep], parts=(Part("ramp", 1, percent),))
        for rep, percent in enumerate(percents)
    ]
    return Roster(1, 1, Strategy.ROUND_ROBIN, weighed(Strategy.ROUND_ROBIN, members))


def able(people: Roster) -> list[Member]:
    return [member for member in people.members if member.weight]


@given(shares, st.integers(1, 60))
def test_while_shares_stay_every_prefix_is_within_one_lead_of_them(percents, number):
    people, books, total = roster(percents), Rotation(), sum(percents)
    counts = [0] * len(percents)
    for turn in range(1, number + 1):
        counts[take_turn(books, people, able(people))] += 1
        for count, percent in zip(counts, percents, strict=True):
            assert abs(count - Fraction(turn * percent, total)) < 1
    assert sum(books.credits.values()) + books.rest == 0


@pytest.mark.parametrize("people", [2, 3, 5, 8])
def test_over_50_000_turns_with_shares_that_change_every_20_nobody_is_two_leads_off(people):
    """The credit is how far a count is from the sum of what the weights of each lead gave."""
    dice, books, worst = random.Random(people), Rotation(), 0
    for _ in range(2_500):
        now = roster([dice.choice([0, 25, 50, 75, 100]) for _ in range(people - 1)] + [100])
        for _ in range(20):
            take_turn(books, now, able(now))
            worst = max(worst, max(books.credits.values()), -min(books.credits.values()))
        assert sum(books.credits.values()) + books.rest == 0
    assert worst < 2 * LEAD, f"{worst / LEAD:.3f} leads"


def test_who_has_no_share_keeps_the_credit_and_takes_no_turn():
    people, books = roster([100, 0, 100]), Rotation(0, 0, {0: 0, 1: LEAD // 2, 2: -LEAD // 2})
    assert 1 not in next_turns(books, people, 20)
    take_turn(books, people, able(people))
    assert books.credits[1] == LEAD // 2
    for policy in forecast(books, people, away=[2]):
        assert 1 not in (*policy.turns, *policy.back)
        assert policy.at_end[1] == LEAD // 2


def test_weights_and_shares_together_in_the_smallest_terms():
    assert [m.weight for m in roster([100, 50, 25], [1, 2, 4]).members] == [1, 1, 1]
    assert [m.weight for m in roster([100, 0, 50], [1, 7, 1]).members] == [2, 0, 1]
