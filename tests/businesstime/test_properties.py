"""What must hold for every calendar, instant and duration."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.businesstime import ALWAYS
from tests.businesstime.strategies import calendars, durations, instants, pauses

NONE = timedelta(0)
TICK = timedelta(microseconds=1)

usual = settings(max_examples=60, deadline=None, derandomize=True)


@usual
@given(st.data(), calendars(), durations)
def test_between_undoes_add(data, made, duration):
    cal, around = made
    at = data.draw(instants(around))
    due = cal.add(at, duration)
    assert due >= at
    assert cal.between(at, due) == duration


@usual
@given(st.data(), calendars(), durations)
def test_add_finds_the_earliest_instant(data, made, duration):
    cal, around = made
    at = data.draw(instants(around))
    due = cal.add(at, duration)
    if duration:
        assert cal.between(at, due - TICK) == duration - TICK
    else:
        assert due == at


@usual
@given(st.data(), calendars(), durations, durations)
def test_add_in_two_goes_is_add_in_one(data, made, one, two):
    cal, around = made
    at = data.draw(instants(around))
    if two:
        assert cal.add(cal.add(at, one), two) == cal.add(at, one + two)


@usual
@given(st.data(), calendars(), durations, durations)
def test_add_is_monotonic(data, made, one, two):
    cal, around = made
    early, late = sorted(data.draw(st.tuples(instants(around), instants(around))))
    less, more = sorted([one, two])
    assert cal.add(early, less) <= cal.add(early, more)
    assert cal.add(early, less) <= cal.add(late, less)


@usual
@given(st.data(), calendars())
def test_between_is_additive_and_never_longer_than_time(data, made):
    cal, around = made
    start, middle, end = sorted(data.draw(st.tuples(*[instants(around)] * 3)))
    assert cal.between(start, end) == cal.between(start, middle) + cal.between(middle, end)
    assert NONE <= cal.between(start, end) <= end - start


@usual
@given(st.data(), calendars())
def test_windows_are_sorted_apart_inside_and_all_of_the_business_time(data, made):
    cal, around = made
    start, end = sorted(data.draw(st.tuples(instants(around, 40), instants(around, 40))))
    windows = list(cal.windows(start, end))
    assert all(start <= window.start < window.end <= end for window in windows)
    assert all(one.end < two.start for one, two in pairwise(windows))
    assert sum((window.length for window in windows), NONE) == cal.between(start, end)
    for window in windows:
        assert cal.is_open(window.start)
        assert cal.is_open(window.end - TICK)
        assert window.end == end or not cal.is_open(window.end)
        assert window.start == start or not cal.is_open(window.start - TICK)
        assert window.start.tzinfo is window.end.tzinfo is UTC


@usual
@given(st.data(), calendars())
def test_next_opening_is_open_and_nothing_before_it_is(data, made):
    cal, around = made
    at = data.draw(instants(around))
    opening = cal.next_opening(at)
    assert opening >= at
    assert cal.is_open(opening)
    assert cal.between(at, opening) == NONE
    assert (opening == at) == cal.is_open(at)


@usual
@given(st.data(), calendars(), durations, st.sampled_from(["Asia/Tokyo", "America/Lima", "Europe/London"]))
def test_the_zone_of_the_question_does_not_matter(data, made, duration, zone):
    cal, around = made
    at = data.draw(instants(around))
    local = at.astimezone(ZoneInfo(zone))
    assert cal.is_open(local) == cal.is_open(at)
    assert cal.next_opening(local) == cal.next_opening(at)
    assert cal.add(local, duration) == cal.add(at, duration)
    assert cal.add(local, duration).tzinfo is UTC
    assert cal.next_opening(local).tzinfo is UTC


@usual
@given(st.data(), calendars(), durations)
def test_pauses_come_out_of_add_and_between_alike(data, made, duration):
    cal, around = made
    at = data.draw(instants(around))
    out = data.draw(pauses(around))
    due = cal.add(at, duration, pauses=out)
    assert due >= cal.add(at, duration)
    assert cal.between(at, due, pauses=out) == duration
    if duration:
        assert cal.between(at, due - TICK, pauses=out) == duration - TICK


@usual
@given(st.data(), calendars())
def test_what_is_paused_and_what_is_not_make_the_whole(data, made):
    cal, around = made
    start, end = sorted(data.draw(st.tuples(instants(around), instants(around))))
    (one,) = data.draw(pauses(around).filter(bool).map(lambda some: some[:1]))
    first, last = max(one.start, start), min(one.end, end)
    paused = cal.between(first, last) if first < last else NONE
    assert cal.between(start, end, pauses=[one, one]) + paused == cal.between(start, end)


@usual
@given(st.data(), durations)
def test_round_the_clock_business_time_is_time(data, duration):
    _, around = data.draw(calendars())
    start, end = sorted(data.draw(st.tuples(instants(around), instants(around))))
    assert ALWAYS.is_open(start)
    assert ALWAYS.next_opening(start) == start
    assert ALWAYS.add(start, duration) == start + duration
    assert ALWAYS.between(start, end) == end - start
    assert [(w.start, w.end) for w in ALWAYS.windows(start, end)] == ([(start, end)] if start < end else [])
