"""The index, the model it is predicted by, and weights whose replay keeps what they promise."""

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadrouting.engine.balance import (
    Arrival,
    balance_index,
    even_stream,
    measured_keep,
    replay_index,
    replay_open,
    suggest_weights,
)
from leadrouting.engine.stream import takers


@pytest.mark.parametrize(
    ("counts", "index"),
    [([], None), ([0, 0], None), ([5], 0), ([3, 3, 3], 0), ([0, 10], 1), ([2, 4, 4, 4, 5, 5, 7, 9], 0.4)],
)
def test_the_index_is_the_population_deviation_over_the_mean(counts, index):
    assert balance_index(counts) == index


@given(st.lists(st.integers(0, 50), min_size=1, max_size=9), st.integers(1, 9))
def test_the_index_knows_no_unit(counts, factor):
    index = balance_index(counts)
    assert balance_index([count * factor for count in counts]) == pytest.approx(index)


def test_conversations_close_at_their_reps_pace():
    stream = [Arrival(1, 1.0), Arrival(1, 0.5), Arrival(None, 0.0, rep=2), Arrival(3, 0.9)]
    ends = replay_open(stream, {1: {1: 1, 2: 1}}, {1: 10, 2: 4}, {1: 0.25, 2: 0.25})
    assert ends == {1: pytest.approx(2.5 + 0.25), 2: pytest.approx(1 + 0.5 + 1)}


def test_only_the_eligible_take_turns_in_the_replay():
    stream = [Arrival(1, 0.5, frozenset({2})) for _ in range(4)] + [Arrival(1, 0.5, frozenset({7}))]
    assert replay_open(stream, {1: {1: 5, 2: 1}}, {}, {1: 1.0, 2: 1.0}) == {1: 0, 2: 4}


@given(received=st.integers(0, 60), start=st.integers(0, 60), data=st.data())
def test_the_measured_pace_reproduces_the_week_that_was_measured(received, start, data):
    closed = data.draw(st.integers(0, received + start))
    open = received + start - closed
    keep = measured_keep({1: received}, {1: open}, {1: closed})[1]
    assume(keep > 1e-6 or not received)  # the last arrival has half a step left, and does not close at once
    ends = replay_open(even_stream(received, 1), {1: {1: 1}}, {1: start}, {1: keep})
    assert ends.get(1, 0) == pytest.approx(open, abs=0.75)


def test_a_rep_without_a_history_is_given_the_common_pace():
    keep = measured_keep({1: 10, 2: 0}, {1: 5}, {1: 10})
    assert keep[1] == keep[2]
    assert measured_keep({1: 0}, {}, {}) == {1: 1.0}


def test_the_slower_rep_is_given_less():
    suggestion = suggest_weights({1: 1, 2: 1}, {1: 20, 2: 20}, {1: 30, 2: 10}, {1: 10, 2: 30})
    assert suggestion.changed
    assert suggestion.weights[1] < suggestion.weights[2]
    assert suggestion.index_now == 0.5
    assert suggestion.predicted_index < suggestion.index_unchanged


def test_an_even_pool_is_left_alone():
    suggestion = suggest_weights({1: 2, 2: 2}, {1: 20, 2: 20}, {1: 10, 2: 10}, {1: 20, 2: 20})
    assert not suggestion.changed
    assert suggestion.weights == {1: 2, 2: 2}
    assert suggestion.predicted_index == suggestion.index_unchanged == pytest.approx(0, abs=0.03)


def test_a_week_without_leads_suggests_nothing():
    suggestion = suggest_weights({1: 1, 2: 3}, {}, {}, {})
    assert (suggestion.changed, suggestion.predicted_index) == (False, None)
    assert suggest_weights({1: 1}, {1: 9}, {1: 4}, {1: 5}).weights == {1: 1}


@pytest.mark.parametrize(("current", "step"), [({}, 2), ({1: 0}, 2), ({1: 1}, 0)])
def test_nonsense_is_refused(current, step):
    with pytest.raises(ValueError):
        suggest_weights(current, {}, {}, {}, step=step)


@st.composite
def teams(draw):
    reps = range(1, draw(st.integers(1, 9)) + 1)
    counts = st.integers(0, 40)
    return tuple(
        {rep: draw(numbers) for rep in reps} for numbers in (st.integers(1, 40), counts, counts, counts)
    )


@settings(max_examples=60)
@given(teams(), st.integers(2, 3), st.booleans(), st.integers(0, 10**6))
def test_a_suggestion_keeps_its_limits_and_its_replay_keeps_its_promise(team, step, partial, seed):
    current, received, open, closed = team
    stream = even_stream(sum(received.values()), 4)
    if partial:
        dice = random.Random(seed)
        stream = [
            Arrival(4, arrival.left, frozenset(rep for rep in current if dice.random() < 0.7))
            for arrival in stream
        ]
        stream += [Arrival(None, 0.0, rep=1), Arrival(5, 0.0)]
    others = {5: {1: 1, 77: 2}}
    found = suggest_weights(current, received, open, closed, stream=stream, pool=4, others=others, step=step)
    assert found.weights.keys() == current.keys()
    again = replay_index(stream, {**others, 4: found.weights}, open, found.keep, current)
    assert again == found.predicted_index
    if found.changed:
        assert found.predicted_index <= found.index_unchanged - 0.01
        assert all(1 <= weight <= 36 for weight in found.weights.values())
        multiples = range(1, 37)
        assert any(
            all(
                min(36, m * current[rep] / step) <= weight <= max(1, m * current[rep] * step)
                for rep, weight in found.weights.items()
            )
            for m in multiples
        )
    else:
        assert found.weights == current


def test_the_index_moves_as_predicted_when_conversations_live_random_lives():
    """A simulated team: each conversation lives an exponential time by its rep's pace, over many teams."""
    dice = random.Random(4)
    pace = {1: 0.3, 2: 0.8, 3: 1.5, 4: 3.0}  # closings per open conversation and week
    stream = even_stream(400, 1)

    def week(weights, start):
        received, ends, closed = dict.fromkeys(pace, 0), dict.fromkeys(pace, 0), dict.fromkeys(pace, 0)
        lives = [(rep, 1.0) for rep in pace for _ in range(start[rep])]
        for rep, arrival in takers(stream, {1: weights}):
            received[rep] += 1
            lives.append((rep, arrival.left))
        for rep, left in lives:
            (ends if dice.expovariate(pace[rep]) > left else closed)[rep] += 1
        return received, ends, closed

    equal = dict.fromkeys(pace, 1)
    received, start, closed = week(equal, {1: 200, 2: 110, 3: 60, 4: 30})
    found = suggest_weights(equal, received, start, closed, stream=stream, pool=1)
    unchanged = [balance_index(week(equal, start)[1].values()) for _ in range(30)]
    changed = [balance_index(week(found.weights, start)[1].values()) for _ in range(30)]
    assert sum(unchanged) / 30 == pytest.approx(found.index_unchanged, abs=0.06)
    assert sum(changed) / 30 == pytest.approx(found.predicted_index, abs=0.06)
    assert found.predicted_index < found.index_unchanged - 0.15
