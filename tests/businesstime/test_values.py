"""Calendars and windows are values; asking is lazy and cheap."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import perf_counter

import pytest

from leadrouting.businesstime import ALWAYS, BusinessCalendar, Window
from leadrouting.businesstime.block import build_block
from leadrouting.businesstime.window import merged

WEEK = {day: [("09:00", "12:00"), ("13:00", "17:00")] for day in range(5)}
NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def office(**exceptions):
    return BusinessCalendar(zone="Europe/Berlin", week=WEEK, **exceptions)


def test_equal_hours_are_equal_calendars_however_they_are_written():
    backwards = {day: [list(pair) for pair in reversed(windows)] for day, windows in reversed(WEEK.items())}
    same = BusinessCalendar("Europe/Berlin", {**backwards, 6: []}, [], {})
    assert same == office()
    assert hash(same) == hash(office())
    assert same != office(holidays=[date(2026, 12, 25)])
    assert len({same, office(), ALWAYS, BusinessCalendar.always()}) == 2


def test_a_calendar_does_not_change():
    holidays = {date(2026, 12, 25)}
    cal = office(holidays=holidays)
    holidays.clear()
    assert not cal.is_open(datetime(2026, 12, 25, 11, tzinfo=UTC))
    with pytest.raises(FrozenInstanceError):
        cal.schedule = None


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda cal: pickle.loads(pickle.dumps(cal))])
def test_a_calendar_can_be_copied_and_sent(copied):
    assert copied(office()) == office()
    assert copied(office()).add(NOON, HOUR) == office().add(NOON, HOUR)


def test_what_a_calendar_and_a_window_look_like():
    assert office().zone == "Europe/Berlin"
    assert "09:00-12:00, 13:00-17:00" in repr(office())
    assert repr(Window(NOON, NOON + HOUR)) == "Window[2026-05-05T12:00:00+00:00, 2026-05-05T13:00:00+00:00)"


def test_a_window_is_half_open_and_kept_in_utc():
    window = Window(datetime.fromisoformat("2026-05-05T14:00+02:00"), NOON + HOUR)
    assert window == Window(NOON, NOON + HOUR)
    assert window.start.tzinfo is UTC
    assert window.length == HOUR
    assert NOON in window
    assert NOON + HOUR not in window


def test_merged_joins_what_overlaps_or_touches():
    one, two, three, inner = (
        Window(NOON + HOUR * start, NOON + HOUR * end) for start, end in [(0, 2), (2, 3), (4, 6), (4, 5)]
    )
    assert list(merged([one, two, three, inner])) == [Window(one.start, two.end), three]
    assert list(merged([])) == []


def test_windows_are_worked_out_only_when_reached(monkeypatch):
    built = []

    def counting(schedule, number):
        built.append(number)
        return build_block(schedule, number)

    monkeypatch.setattr("leadrouting.businesstime.timeline.build_block", counting)
    cal = BusinessCalendar(zone="Europe/Oslo", week=WEEK)
    endless = cal.windows(NOON, datetime(9999, 1, 1, tzinfo=UTC))
    assert not built
    assert [window.length for window in islice(endless, 3)] == [HOUR * 3, HOUR * 3, HOUR * 4]
    assert len(built) == 1
    BusinessCalendar(zone="Europe/Oslo", week=WEEK).is_open(NOON)
    assert len(built) == 1, "an equal calendar made anew starts warm"


def test_years_take_no_longer_than_their_length():
    cal = BusinessCalendar(zone="Europe/Oslo", week=WEEK)
    began = perf_counter()
    due = cal.add(NOON, HOUR * 35 * 52 * 20)
    assert timedelta(days=52 * 7 * 20) <= due - NOON < timedelta(days=52 * 7 * 20 + 7)
    assert cal.between(NOON, due) == HOUR * 35 * 52 * 20
    assert perf_counter() - began < 2
