"""A pick names one of the eligible, and a reason for each of the others."""

from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.roster import LEAD, AbsencePolicy, Load, Member, Roster, Rotation, Strategy, Why
from leadrouting.engine.strategies import STRATEGIES, least_loaded, round_robin


def roster(weights, strategy=Strategy.LEAST_LOADED, absence=AbsencePolicy.FORFEIT):
    return Roster(1, 1, strategy, tuple(Member(rep, w) for rep, w in enumerate(weights, 1)), absence)


def opens(*counts):
    return {rep: Load(count) for rep, count in enumerate(counts, 1)}


def test_every_strategy_has_a_function():
    assert STRATEGIES.keys() == set(Strategy)


def test_round_robin_does_not_look_at_loads():
    people = roster([1, 1, 1], Strategy.ROUND_ROBIN)
    pick = round_robin(people, people.members, Rotation(), opens(9, 0, 0))
    assert pick.rep == 1
    assert pick.reasons == {Why.NOT_THEIR_TURN: (2, 3)}


def test_least_loaded_picks_the_fewest_open_whatever_the_weights():
    people = roster([36, 1, 1])
    pick = least_loaded(people, people.members, Rotation(), opens(3, 1, 2))
    assert pick.rep == 2
    assert pick.reasons == {Why.MORE_LOADED: (1, 3)}


def test_a_tie_is_a_turn_among_those_who_tie():
    people, rotation = roster([1, 1, 1, 1]), Rotation()
    picks = [least_loaded(people, people.members, rotation, opens(2, 2, 5, 2)) for _ in range(6)]
    assert [pick.rep for pick in picks] == [1, 2, 4, 1, 2, 4]
    assert picks[0].reasons == {Why.NOT_THEIR_TURN: (2, 4), Why.MORE_LOADED: (3,)}


def test_a_rep_without_a_load_has_none_open():
    people = roster([1, 1])
    assert least_loaded(people, people.members, Rotation(), {1: Load(1)}).rep == 2


def test_who_is_alone_has_nobody_to_be_compared_with():
    people = roster([1, 1])
    for choose in STRATEGIES.values():
        pick = choose(people, people.members[1:], Rotation(), {})
        assert (pick.rep, pick.reasons) == (2, {})


@given(
    weights=st.lists(st.integers(1, 36), min_size=1, max_size=8),
    rounds=st.lists(st.lists(st.integers(0, 3), min_size=8, max_size=8), min_size=1, max_size=60),
    absence=st.sampled_from(AbsencePolicy),
)
def test_the_books_stay_small_and_balanced_under_least_loaded(weights, rounds, absence):
    people, rotation = roster(weights, absence=absence), Rotation()
    for counts in rounds:
        loads = opens(*counts)
        pick = least_loaded(people, people.members, rotation, loads)
        fewest = min(loads[rep].open for rep in people.reps)
        assert loads[pick.rep].open == fewest
        others = sorted(rep for reps in pick.reasons.values() for rep in reps)
        assert others == sorted(people.rep_set - {pick.rep})
        assert sum(rotation.credits.values()) + rotation.rest == 0
        assert max(map(abs, rotation.credits.values())) < 3 * LEAD
