"""Promise 5: everybody's count stays within less than a lead of their share, and the books balance."""

import random
from fractions import Fraction
from math import lcm

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadrouting.engine.roster import LEAD, AbsencePolicy, Member, Roster, Rotation, Strategy
from leadrouting.engine.rotation import copy, next_turns, settle, take_turn

weights_lists = st.lists(st.integers(1, 36), min_size=1, max_size=40)
any_weights = st.lists(st.integers(1, 10**6), min_size=1, max_size=40)


def roster(weights, absence=AbsencePolicy.FORFEIT, limit=0, first=1):
    members = tuple(Member(rep, weight) for rep, weight in enumerate(weights, first))
    return Roster(1, 1, Strategy.ROUND_ROBIN, members, absence, limit)


def balance(rotation):
    return sum(rotation.credits.values()) + rotation.rest


def worst_deviation(rotation, people, eligible, leads):
    """The largest distance between a count and its exact share, over all prefixes, in leads."""
    total = sum(member.weight for member in eligible)
    counts = {member.rep: 0 for member in people.members}
    worst = 0
    for turn in range(1, leads + 1):
        counts[take_turn(rotation, people, eligible)] += 1
        worst = max(worst, *(abs(counts[m.rep] * total - turn * m.weight) for m in eligible))
    return Fraction(worst, total)


def test_a_lead_is_the_least_common_multiple_of_1_to_36():
    assert lcm(*range(1, 37)) == LEAD == 144403552893600


def textbook(weights, leads):
    """Tijdeman's rule as the paper states it, in fractions."""
    threshold, total = Fraction(1, 2 * len(weights) - 2), sum(weights)
    counts, turns = [0] * len(weights), []
    for lead in range(1, leads + 1):
        credits = [Fraction(lead * w, total) - count for w, count in zip(weights, counts, strict=True)]
        able = [i for i, credit in enumerate(credits) if credit >= threshold]
        turn = min(able, key=lambda i: (1 - threshold - credits[i]) / weights[i])
        counts[turn] += 1
        turns.append(turn + 1)
    return turns


@given(weights=st.lists(st.integers(1, 300), min_size=2, max_size=7))
@example([20, 17, 111])  # a member is exactly at the threshold, and the shares are no whole units
def test_the_turns_are_those_of_the_paper(weights):
    assert next_turns(Rotation(), roster(weights), 60) == textbook(weights, 60)


@settings(max_examples=300)
@given(weights=st.one_of(weights_lists, any_weights), leads=st.integers(1, 150))
def test_every_count_stays_within_tijdemans_bound_of_its_share(weights, leads):
    people = roster(weights)
    size = len(weights)
    bound = 1 - Fraction(1, 2 * size - 2) if size > 1 else 0
    assert worst_deviation(Rotation(), people, people.members, leads) <= bound < 1


@given(weights=weights_lists, data=st.data())
def test_the_bound_holds_among_a_fixed_part_of_the_pool(weights, data):
    people = roster(weights)
    eligible = data.draw(st.lists(st.sampled_from(people.members), min_size=1, unique=True))
    eligible = [member for member in people.members if member in eligible]
    assert worst_deviation(Rotation(), people, eligible, 80) < 1


@pytest.mark.parametrize(
    "weights",
    [[1], [1, 1], [36, 1], [37, 37], [1, 2, 3], [1] * 40, [36] + [1] * 39, [7, 5, 3, 2, 1], [997, 991, 3]],
)
def test_the_bound_holds_over_a_long_run(weights):
    people = roster(weights)
    assert worst_deviation(Rotation(), people, people.members, 3 * sum(weights)) < 1


@pytest.mark.parametrize("weights", [[1, 1, 1], [3, 2, 1], [12, 6, 9, 9]])
def test_after_a_full_round_the_books_are_clear(weights):
    people, rotation = roster(weights), Rotation()
    turns = [take_turn(rotation, people, people.members) for _ in range(sum(weights))]
    assert {rep: turns.count(rep) for rep in people.reps} == dict(zip(people.reps, weights, strict=True))
    assert set(rotation.credits.values()) == {0}
    assert (rotation.rest, rotation.turns) == (0, sum(weights))


def test_equal_members_take_turns_in_roster_order():
    assert next_turns(Rotation(), roster([1, 1, 1]), 7) == [1, 2, 3, 1, 2, 3, 1]


@st.composite
def histories(draw):
    """A pool whose members join, leave, change weight and come and go, under any absence policy."""
    people = st.dictionaries(st.integers(1, 12), st.integers(1, 100), min_size=1, max_size=12)
    steps = []
    for number in range(draw(st.integers(1, 12))):
        members = tuple(Member(rep, weight) for rep, weight in draw(people).items())
        version = Roster(
            number,
            1,
            Strategy.ROUND_ROBIN,
            members,
            draw(st.sampled_from(AbsencePolicy)),
            draw(st.integers(0, 3)),
        )
        for _ in range(draw(st.integers(1, 6))):
            present = draw(st.sets(st.sampled_from(version.reps), min_size=1))
            steps.append((version, [member for member in members if member.rep in present]))
    return steps


@given(histories())
def test_credits_and_rest_sum_to_zero_whatever_happens(history):
    rotation, again = Rotation(), Rotation()
    for turn, (people, eligible) in enumerate(history, 1):
        rep = take_turn(rotation, people, eligible)
        assert rep in {member.rep for member in eligible}
        assert rep == take_turn(again, people, eligible), "the same inputs choose the same rep"
        assert balance(rotation) == 0
        assert rotation.credits.keys() == people.rep_set
        assert rotation.turns == turn
    assert rotation == again


@settings(max_examples=100)
@given(
    weights=weights_lists,
    chance=st.sampled_from([0.05, 0.2, 0.5, 0.8, 0.95]),
    stay=st.sampled_from([0.0, 0.9]),
    seed=st.integers(0, 10**6),
)
def test_random_eligibility_stays_within_two_leads_of_the_eligible_share(weights, chance, stay, seed):
    dice, people, rotation = random.Random(seed), roster(weights), Rotation()
    present = {rep: dice.random() < chance for rep in people.reps}
    due, counts = dict.fromkeys(people.reps, 0.0), dict.fromkeys(people.reps, 0)
    for _ in range(150):
        for rep in people.reps:
            if dice.random() >= stay:
                present[rep] = dice.random() < chance
        eligible = [member for member in people.members if present[member.rep]]
        if not eligible:
            continue
        total = sum(member.weight for member in eligible)
        for member in eligible:
            due[member.rep] += member.weight / total
        counts[take_turn(rotation, people, eligible)] += 1
        assert max(abs(due[rep] - counts[rep]) for rep in people.reps) < 2


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_holds_in_large_pools_of_mixed_weights(seed):
    dice = random.Random(seed)
    people = roster([dice.choice((1, 1, 2, dice.randint(1, 36))) for _ in range(40)])
    assert worst_deviation(Rotation(), people, people.members, 1500) < 1


def test_a_forfeiting_member_comes_back_where_they_left():
    people, rotation = roster([1, 1, 1]), Rotation()
    take_turn(rotation, people, people.members)
    before = rotation.credits[3]
    for _ in range(20):
        take_turn(rotation, people, people.members[:2])
    assert rotation.credits[3] == before


def test_a_member_who_catches_up_ends_with_the_full_share():
    people, rotation = roster([1, 1, 2], AbsencePolicy.CATCH_UP), Rotation()
    turns = [take_turn(rotation, people, people.members[:2]) for _ in range(20)]
    assert (turns.count(1), turns.count(2)) == (10, 10)
    assert rotation.credits[3] == 10 * LEAD
    turns += [take_turn(rotation, people, people.members) for _ in range(40)]
    assert (turns.count(1), turns.count(2), turns.count(3)) == (15, 15, 30)


def test_the_others_share_by_weight_while_somebody_misses_turns_that_count():
    people, rotation = roster([1, 3, 4], AbsencePolicy.CATCH_UP), Rotation()
    turns = [take_turn(rotation, people, people.members[:2]) for _ in range(40)]
    assert abs(turns.count(1) - 10) <= 1


def test_limited_catching_up_stops_at_the_limit():
    people, rotation = roster([1, 1, 1], AbsencePolicy.CATCH_UP_LIMITED, 2), Rotation()
    for _ in range(50):
        take_turn(rotation, people, people.members[:2])
        assert rotation.credits[3] <= 2 * LEAD
        assert balance(rotation) == 0
    assert rotation.credits[3] == 2 * LEAD
    turns = [take_turn(rotation, people, people.members) for _ in range(30)]
    assert turns.count(3) == 12, "their ten and the two that were owed"


def test_a_leavers_credit_goes_to_the_rest_and_a_joiner_starts_at_zero():
    people, rotation = roster([2, 3, 5]), Rotation()
    for _ in range(3):
        take_turn(rotation, people, people.members)
    credits = dict(rotation.credits)
    settle(rotation, roster([3, 5, 1], first=2))
    assert rotation.credits == {2: credits[2], 3: credits[3], 4: 0}
    assert rotation.rest == credits[1]
    assert balance(rotation) == 0


def test_next_turns_tells_what_happens_and_changes_nothing():
    people, rotation = roster([5, 3, 2]), Rotation()
    for _ in range(4):
        take_turn(rotation, people, people.members)
    before = copy(rotation)
    promised = next_turns(rotation, people, 12)
    assert rotation == before
    assert promised == [take_turn(rotation, people, people.members) for _ in range(12)]
    assert next_turns(rotation, people, 2, eligible=[3]) == [3, 3]
    assert next_turns(rotation, people, 2, eligible=[]) == []


@pytest.mark.parametrize(
    ("members", "limit", "words"),
    [
        ((Member(1, -1),), 0, "weights"),
        ((Member(1), Member(1)), 0, "twice"),
        ((Member(1),), -1, "limit"),
    ],
)
def test_a_roster_that_makes_no_sense_is_refused(members, limit, words):
    with pytest.raises(ValueError, match=words):
        Roster(1, 1, Strategy.ROUND_ROBIN, members, catch_up_limit=limit)
