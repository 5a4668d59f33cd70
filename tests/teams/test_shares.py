"""Least utilised, and turns by capacity."""

from leadrouting.engine.roster import Load, Member, Roster, Rotation, Strategy, Why
from leadrouting.engine.strategies import STRATEGIES
from leadrouting.teams.shares import weighed


def pick(members, opens, strategy=Strategy.LEAST_UTILISED):
    loads = {rep: Load(open_) for rep, open_ in opens.items()}
    roster = Roster(1, 1, strategy, tuple(members))
    return STRATEGIES[strategy](roster, roster.members, Rotation(), loads)


def test_shares_of_the_limit_count_not_conversations():
    found = pick([Member(1, 1, 10), Member(2, 1, 40)], {1: 5, 2: 12})
    assert found.rep == 2 and found.reasons == {Why.MORE_UTILISED: (1,)}


def test_equal_shares_take_turns_and_who_has_no_limit_is_measured_by_the_largest():
    found = pick([Member(1, 1, 3), Member(2, 1, 9), Member(3)], {1: 1, 2: 3, 3: 4})
    assert found.rep == 1 and found.reasons == {Why.NOT_THEIR_TURN: (2,), Why.MORE_UTILISED: (3,)}
    assert pick([Member(1), Member(2)], {1: 2, 2: 1}).rep == 2
    assert pick([Member(1, 1, 0), Member(2, 1, 0)], {1: 2, 2: 1}).rep == 2


def test_by_capacity_weights_follow_the_limits_in_the_smallest_terms():
    def weights(*members):
        return [member.weight for member in weighed(Strategy.CAPACITY, members)]

    assert weights(Member(1, 1, 20), Member(2, 1, 40), Member(3)) == [1, 2, 2]
    assert weights(Member(1, 3, 10), Member(2, 1, 10)) == [3, 1]
    assert weights(Member(1, 2), Member(2)) == [2, 1]
    assert weights(Member(1, 1, 0), Member(2, 1, 10)) == [1, 1]
    assert max(weights(Member(1, 36, 99_999), Member(2, 1, 7))) <= 30_000
    assert weights() == []
