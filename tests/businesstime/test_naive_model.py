"""Minute by minute, against a model that never converts wall clock to UTC."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.businesstime import BusinessCalendar
from tests.businesstime.naive import MINUTE, diary, open_minutes
from tests.businesstime.strategies import CHANGES, hours_of

BEFORE, DAYS = 6, 12
EDGE = 4 * 24 * 60


def modelled(zone, around, given_hours):
    def hours_on(day):
        if day in given_hours["special_days"]:
            return given_hours["special_days"][day]
        return [] if day in given_hours["holidays"] else given_hours["week"].get(day.weekday(), [])

    book = diary(zone, around - timedelta(days=BEFORE), DAYS)
    flags = open_minutes(book, hours_on)
    return book.utc[EDGE:-EDGE], flags[EDGE:-EDGE]


@pytest.mark.parametrize(("zone", "around"), CHANGES, ids=lambda value: str(value).replace("/", "-"))
@settings(max_examples=18, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_minute_agrees_with_the_model(zone, around, data):
    given_hours = data.draw(hours_of(around))
    minutes, flags = modelled(zone, around, given_hours)
    cal = BusinessCalendar(zone=zone, **given_hours)

    assert [cal.is_open(at) for at in minutes[::15]] == flags[::15]

    start, end = minutes[0], minutes[-1] + MINUTE
    assert cal.between(start, end) == MINUTE * sum(flags)
    assert [(window.start, window.end) for window in cal.windows(start, end)] == spans(minutes, flags)

    index = data.draw(st.integers(0, len(minutes) - 1))
    later = [at for at, is_open in zip(minutes[index:], flags[index:], strict=True) if is_open]
    if later:
        wanted = data.draw(st.integers(1, len(later)))
        assert cal.next_opening(minutes[index]) == later[0]
        assert cal.add(minutes[index], MINUTE * wanted) == later[wanted - 1] + MINUTE


def spans(minutes, flags):
    found = []
    for is_open, run in groupby(zip(minutes, flags, strict=True), key=lambda pair: pair[1]):
        if is_open:
            times = [at for at, _ in run]
            found.append((times[0], times[-1] + MINUTE))
    return found


def test_the_model_itself_knows_a_plain_day():
    hours = {"week": {day: [("09:00", "10:00")] for day in range(7)}, "holidays": set(), "special_days": {}}
    minutes, flags = modelled("Asia/Kolkata", CHANGES[11][1], hours)
    first = minutes[flags.index(True)].astimezone(UTC)
    assert (first.hour, first.minute) == (3, 30)
