"""Turns that are given back, and turns told ahead: exact, and nothing restarts."""

from hypothesis import given
from hypothesis import strategies as st

from leadrouting.engine.forecast import forecast
from leadrouting.engine.roster import AbsencePolicy, Member, Roster, Rotation, Strategy
from leadrouting.engine.rotation import charge, copy, give_back, next_turns, take_turn


def roster(members, absence=AbsencePolicy.FORFEIT, limit=0):
    return Roster(
        1, 1, Strategy.ROUND_ROBIN, tuple(Member(*member) for member in members.items()), absence, limit
    )


people = st.dictionaries(st.integers(1, 9), st.integers(1, 60), min_size=1, max_size=9)


@given(
    history=st.lists(
        st.tuples(people, st.sampled_from(AbsencePolicy), st.integers(1, 9), st.booleans(), st.data()),
        min_size=1,
        max_size=12,
    )
)
def test_the_books_balance_whoever_gives_back_and_whoever_has_left(history):
    books = Rotation()
    for turn, (members, absence, giver, gives, data) in enumerate(history, 1):
        version = roster(members, absence, 2)
        present = data.draw(st.sets(st.sampled_from(version.reps), min_size=1))
        take_turn(books, version, [member for member in version.members if member.rep in present])
        if gives:
            before = books.credits.get(giver)
            give_back(books, giver)
            assert before is None or books.credits[giver] > before
            after = copy(books)
            charge(books, giver)
            assert books.credits.get(giver) == before
            give_back(books, giver)
            assert (books.rest, books.credits) == (after.rest, after.credits)
        assert sum(books.credits.values()) + books.rest == 0
        assert books.turns == turn


@given(weights=st.lists(st.integers(1, 36), min_size=2, max_size=8), turns=st.integers(0, 40))
def test_a_declined_lead_costs_the_pool_one_turn_and_its_decliner_none(weights, turns):
    """Declined by one and taken by another: one lead was shared out, and one was paid for."""
    version, books = roster(dict(enumerate(weights, 1))), Rotation()
    for _ in range(turns):
        take_turn(books, version, version.members)
    start = copy(books)
    declined = take_turn(books, version, version.members)
    give_back(books, declined)
    taken = take_turn(books, version, [member for member in version.members if member.rep != declined])
    total = sum(weights)
    for member in version.members:
        paid = member.rep == taken
        moved = (books.credits[member.rep] - start.credits.get(member.rep, 0)) / 144403552893600
        assert abs(moved - (member.weight / total - paid)) < 1e-9


def test_who_gives_back_has_the_next_turn_of_equals():
    version, books = roster({1: 1, 2: 1, 3: 1, 4: 1}), Rotation()
    assert take_turn(books, version, version.members) == 1
    give_back(books, 1)
    assert take_turn(books, version, version.members[1:]) == 2
    assert next_turns(books, version, 4) == [1, 3, 4, 1]


def test_each_policy_ahead_while_one_is_away_and_once_they_are_back():
    version, books = roster({1: 1, 2: 1}, AbsencePolicy.FORFEIT, 2), Rotation()
    before = copy(books)
    forfeit, full, limited = forecast(books, version, {2}, 20, 10)
    assert books == before
    assert forfeit.turns == full.turns == limited.turns == (1,) * 10
    assert [one.back.count(2) for one in (forfeit, full, limited)] == [5, 10, 7]
    assert set(full.at_end) == {1, 2}


def test_ahead_with_all_here_and_with_nobody():
    version, books = roster({1: 1, 2: 3}), Rotation()
    for one in forecast(books, version, ()):
        assert (list(one.turns), one.back) == (next_turns(books, version, 20), ())
    for one in forecast(books, version, {1, 2}):
        assert one.turns == () and len(one.back) == 10
    assert forecast(books, roster({}), ())[0].turns == ()
