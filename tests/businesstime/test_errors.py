"""Hours and questions that make no sense are refused with a sentence that says what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from leadrouting.businesstime import ALWAYS, BusinessCalendar, CalendarError, Window

NINE_TO_FIVE = {day: [("09:00", "17:00")] for day in range(5)}
NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
NAIVE = datetime(2026, 5, 5, 12)

HOURS = {
    "overlap": (
        {0: [("09:00", "12:00"), ("11:00", "13:00")]},
        "Monday: .*09:00-12:00 and 11:00-13:00 overlap",
    ),
    "twice the same": ({1: [("09:00", "12:00")] * 2}, "Tuesday: .* overlap"),
    "past midnight": ({4: [("22:00", "06:00")]}, "Friday: .*22:00-24:00, and 00:00-06:00 on the next day"),
    "to 00:00": ({4: [("22:00", "00:00")]}, "Friday: .*written 24:00"),
    "empty": ({2: [("09:00", "09:00")]}, "Wednesday: .*09:00-09:00 does not end after it starts"),
    "no such hour": ({3: [("09:00", "25:00")]}, "Thursday: '25:00' is not a time of day"),
    "past 24:00": ({3: [("09:00", "24:01")]}, "Thursday: '24:01'"),
    "no such minute": ({5: [("09:60", "12:00")]}, "Saturday: '09:60'"),
    "sloppy": ({6: [("9:00", "12:00")]}, "Sunday: '9:00'.*HH:MM"),
    "other digits": ({6: [("0٩:00", "12:00")]}, "Sunday: .*HH:MM"),
    "not text": ({6: [(9, 12)]}, "Sunday: 9 is not"),
    "not a pair": ({0: [("09:00", "12:00", "13:00")]}, "Monday: a window is"),
    "a text for a pair": ({0: ["09"]}, "Monday: a window is"),
    "a text for a list": ({0: "09:00"}, "Monday: expected a list"),
    "an eighth day": ({7: [("09:00", "12:00")]}, "7 is no day of the week"),
    "a day as text": ({"0": [("09:00", "12:00")]}, "'0' is no day of the week"),
    "never": ({}, "never opens.*Give at least one day"),
    "only empty days": ({0: [], 1: []}, "never opens"),
}


@pytest.mark.parametrize(("week", "message"), HOURS.values(), ids=HOURS.keys())
def test_hours_that_make_no_sense(week, message):
    with pytest.raises(CalendarError, match=message):
        BusinessCalendar(zone="Europe/Berlin", week=week)


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc", "Europe", "/etc/passwd", None, 3])
def test_an_unknown_zone(zone):
    with pytest.raises(CalendarError, match="There is no time zone"):
        BusinessCalendar(zone=zone, week=NINE_TO_FIVE)


EXCEPTIONS = {
    "bad special day": ({"special_days": {date(2026, 12, 24): [("9", "12")]}}, "Special day 2026-12-24: '9'"),
    "datetime as special day": ({"special_days": {NOON: []}}, "Special day .*without a time"),
    "datetime as holiday": ({"holidays": {NOON}}, "Holiday .*without a time"),
    "text as holiday": ({"holidays": ["2026-12-25"]}, "Holiday '2026-12-25'"),
}


@pytest.mark.parametrize(("exceptions", "message"), EXCEPTIONS.values(), ids=EXCEPTIONS.keys())
def test_exceptions_that_make_no_sense(exceptions, message):
    with pytest.raises(CalendarError, match=message):
        BusinessCalendar(zone="Europe/Berlin", week=NINE_TO_FIVE, **exceptions)


QUESTIONS = {
    "is_open": lambda cal: cal.is_open(NAIVE),
    "next_opening": lambda cal: cal.next_opening(NAIVE),
    "add": lambda cal: cal.add(NAIVE, timedelta(hours=1)),
    "between, start": lambda cal: cal.between(NAIVE, NOON),
    "between, end": lambda cal: cal.between(NOON, NAIVE),
    "windows": lambda cal: cal.windows(NAIVE, NOON),
    "a pause": lambda cal: Window(NOON, NAIVE),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_naive_datetime_is_refused_at_once(question):
    with pytest.raises(CalendarError, match="2026-05-05T12:00:00 has no time zone"):
        question(ALWAYS)


def test_a_negative_duration():
    with pytest.raises(CalendarError, match="only be added"):
        ALWAYS.add(NOON, timedelta(seconds=-1))


@pytest.mark.parametrize(
    "ask", [ALWAYS.between, ALWAYS.windows, Window], ids=["between", "windows", "Window"]
)
def test_an_end_before_the_start(ask):
    with pytest.raises(CalendarError, match="before"):
        ask(NOON, NOON - timedelta(seconds=1))


ONCE = BusinessCalendar(
    zone="Pacific/Auckland",
    week={},
    special_days={date(2026, 5, 5): [("09:00", "10:00")], date(2030, 1, 1): []},
)


def test_a_calendar_whose_special_days_are_over_does_not_open_again():
    opens = datetime(2026, 5, 4, 21, tzinfo=UTC)
    closes = opens + timedelta(hours=1)
    assert ONCE.next_opening(datetime(2020, 1, 1, tzinfo=UTC)) == opens
    assert ONCE.add(opens, timedelta(hours=1)) == closes
    assert ONCE.between(opens, datetime(2090, 1, 1, tzinfo=UTC)) == timedelta(hours=1)
    assert len(list(ONCE.windows(datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)))) == 1
    for late in (closes, datetime(2090, 1, 1, tzinfo=UTC)):
        with pytest.raises(CalendarError, match=r"too few opening hours after .*special day to come"):
            ONCE.next_opening(late)
    with pytest.raises(CalendarError, match="too few opening hours after 2026-05-04T21:00"):
        ONCE.add(opens, timedelta(hours=1, microseconds=1))


def test_the_ends_of_the_calendar():
    start, end = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert ALWAYS.next_opening(start) == start + timedelta(days=1)
    assert not ALWAYS.is_open(end)
    with pytest.raises(CalendarError, match="too few opening hours"):
        ALWAYS.next_opening(end)
    for duration in (timedelta.max, end - start):
        with pytest.raises(CalendarError, match="beyond the year 9999"):
            ALWAYS.add(NOON, duration)
    with pytest.raises(CalendarError, match="years 1 to 9999"):
        ALWAYS.is_open(datetime.fromisoformat("0001-01-01T00:00+10:00"))
