"""Named cases, written as local wall clock of the zone; UTC offsets say which occurrence is meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from leadrouting.businesstime import BusinessCalendar, Window

BERLIN, NEW_YORK, SAO_PAULO = "Europe/Berlin", "America/New_York", "America/Sao_Paulo"
LORD_HOWE, APIA, KOLKATA = "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata"

EVERY_DAY = range(7)
WORKDAYS = range(5)


def at(text):
    return datetime.fromisoformat(text)


def hours(text):
    return timedelta(hours=float(text))


def daily(zone, *windows, days=EVERY_DAY, **exceptions):
    return BusinessCalendar(zone=zone, week={day: list(windows) for day in days}, **exceptions)


# What one local date's window becomes when clocks change.
CHANGES = {
    "plain day": (BERLIN, ("09:00", "17:00"), "2026-03-28T09:00+01:00", "2026-03-28T17:00+01:00"),
    "shift over a gap is short": (
        BERLIN,
        ("00:00", "08:00"),
        "2026-03-29T00:00+01:00",
        "2026-03-29T08:00+02:00",
    ),
    "shift over a repeat is long": (
        BERLIN,
        ("00:00", "08:00"),
        "2026-10-25T00:00+02:00",
        "2026-10-25T08:00+01:00",
    ),
    "opens in the gap": (BERLIN, ("02:30", "05:00"), "2026-03-29T03:30+02:00", "2026-03-29T05:00+02:00"),
    "closes in the gap": (BERLIN, ("01:00", "02:30"), "2026-03-29T01:00+01:00", "2026-03-29T03:30+02:00"),
    "lies in the gap": (BERLIN, ("02:15", "02:45"), "2026-03-29T03:15+02:00", "2026-03-29T03:45+02:00"),
    "opens where the gap starts": (
        BERLIN,
        ("02:00", "05:00"),
        "2026-03-29T03:00+02:00",
        "2026-03-29T05:00+02:00",
    ),
    "opens at the first 02:30": (
        BERLIN,
        ("02:30", "05:00"),
        "2026-10-25T02:30+02:00",
        "2026-10-25T05:00+01:00",
    ),
    "closes at the last 02:30": (
        BERLIN,
        ("01:00", "02:30"),
        "2026-10-25T01:00+02:00",
        "2026-10-25T02:30+01:00",
    ),
    "from first to last": (BERLIN, ("02:15", "02:45"), "2026-10-25T02:15+02:00", "2026-10-25T02:45+01:00"),
    "New York, gap": (NEW_YORK, ("02:30", "04:00"), "2026-03-08T03:30-04:00", "2026-03-08T04:00-04:00"),
    "New York, repeat": (NEW_YORK, ("01:00", "01:30"), "2026-11-01T01:00-04:00", "2026-11-01T01:30-05:00"),
    "half an hour's gap": (LORD_HOWE, ("02:15", "04:00"), "2026-10-04T02:45+11:00", "2026-10-04T04:00+11:00"),
    "half an hour's repeat": (
        LORD_HOWE,
        ("01:45", "01:50"),
        "2026-04-05T01:45+11:00",
        "2026-04-05T01:50+10:30",
    ),
    "no midnight to open at": (
        SAO_PAULO,
        ("00:00", "02:00"),
        "2018-11-04T01:00-02:00",
        "2018-11-04T02:00-02:00",
    ),
    "no midnight to close at": (
        SAO_PAULO,
        ("22:00", "24:00"),
        "2018-11-03T22:00-03:00",
        "2018-11-04T01:00-02:00",
    ),
    "23:00 comes twice": (SAO_PAULO, ("23:00", "24:00"), "2018-02-17T23:00-02:00", "2018-02-18T00:00-03:00"),
    "half-hour zone": (KOLKATA, ("09:00", "17:00"), "2026-03-29T03:30+00:00", "2026-03-29T11:30+00:00"),
    "24:00 before a lost date": (
        APIA,
        ("20:00", "24:00"),
        "2011-12-29T20:00-10:00",
        "2011-12-31T00:00+14:00",
    ),
}


@pytest.mark.parametrize(("zone", "window", "opens", "closes"), CHANGES.values(), ids=CHANGES.keys())
def test_a_window_when_clocks_change(zone, window, opens, closes):
    cal = daily(zone, window)
    opens, closes = at(opens), at(closes)
    (found,) = cal.windows(opens - hours(1), closes + hours(1))
    assert (found.start, found.end) == (opens, closes)
    assert cal.next_opening(opens - hours(1)) == opens
    assert cal.add(opens, closes - opens) == closes
    assert cal.is_open(opens)
    assert not cal.is_open(closes)


def test_an_opening_that_the_gap_carries_past_its_closing_leaves_nothing():
    cal = daily(BERLIN, ("02:30", "03:15"))
    assert list(cal.windows(at("2026-03-29T00:00+01:00"), at("2026-03-30T00:00+02:00"))) == []


def test_windows_that_a_change_pushes_into_each_other_become_one():
    cal = daily(BERLIN, ("02:00", "02:15"), ("02:45", "03:30"))
    (repeat,) = cal.windows(at("2026-10-25T00:00+02:00"), at("2026-10-26T00:00+01:00"))
    assert repeat.length == hours(2.5)
    cal = daily(BERLIN, ("02:00", "02:30"), ("03:15", "04:00"))
    (gap,) = cal.windows(at("2026-03-29T00:00+01:00"), at("2026-03-30T00:00+02:00"))
    assert gap.length == hours(1)


def test_a_date_that_does_not_exist_has_no_hours():
    cal = daily(APIA, ("09:00", "17:00"), days=[4])  # Friday, 30 December 2011, was left out
    assert list(cal.windows(at("2011-12-29T00:00-10:00"), at("2012-01-02T00:00+14:00"))) == []


OFFICE = daily(
    BERLIN,
    ("08:00", "12:00"),
    ("13:00", "18:00"),
    days=WORKDAYS,
    holidays={date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 31), date(2027, 1, 1)},
    special_days={
        date(2026, 12, 24): [("09:00", "12:00")],
        date(2026, 12, 29): [],
        date(2026, 12, 31): [("10:00", "14:00")],
        date(2027, 1, 2): [("10:00", "11:00")],
    },
)

ADDED = {
    "within the morning": ("2026-05-05T08:00+02:00", 1, "2026-05-05T09:00+02:00"),
    "over lunch": ("2026-05-05T11:30+02:00", 1, "2026-05-05T13:30+02:00"),
    "to closing for lunch, stays": ("2026-05-05T11:00+02:00", 1, "2026-05-05T12:00+02:00"),
    "to closing, stays": ("2026-05-05T17:00+02:00", 1, "2026-05-05T18:00+02:00"),
    "from closing": ("2026-05-05T18:00+02:00", 1, "2026-05-06T09:00+02:00"),
    "from the night": ("2026-05-05T03:00+02:00", 1, "2026-05-05T09:00+02:00"),
    "over a weekend": ("2026-05-08T17:00+02:00", 2, "2026-05-11T09:00+02:00"),
    "a week": ("2026-05-05T08:00+02:00", 45, "2026-05-11T18:00+02:00"),
    "over a weekend with a change": ("2026-03-27T17:00+01:00", 2, "2026-03-30T09:00+02:00"),
    "to a special day's closing": ("2026-12-23T17:00+01:00", 4, "2026-12-24T12:00+01:00"),
    "over a chain of holidays": ("2026-12-24T11:30+01:00", 1, "2026-12-30T08:30+01:00"),
    "a special day beats a holiday": ("2026-12-30T17:30+01:00", 1, "2026-12-31T10:30+01:00"),
    "a special Saturday": ("2026-12-31T13:30+01:00", 1, "2027-01-02T10:30+01:00"),
    "nothing, while closed": ("2026-12-25T10:00+01:00", 0, "2026-12-25T10:00+01:00"),
}


@pytest.mark.parametrize(("start", "length", "due"), ADDED.values(), ids=ADDED.keys())
def test_add(start, length, due):
    answer = OFFICE.add(at(start), hours(length))
    assert answer == at(due)
    assert answer.tzinfo is UTC
    assert OFFICE.between(at(start), at(due)) == hours(length)


OPENINGS = {
    "at opening": ("2026-05-05T08:00+02:00", "2026-05-05T08:00+02:00"),
    "while open": ("2026-05-05T09:10+02:00", "2026-05-05T09:10+02:00"),
    "at closing for lunch": ("2026-05-05T12:00+02:00", "2026-05-05T13:00+02:00"),
    "on Saturday": ("2026-05-09T12:00+02:00", "2026-05-11T08:00+02:00"),
    "after Christmas Eve": ("2026-12-24T12:00+01:00", "2026-12-30T08:00+01:00"),
    "New Year's Day": ("2027-01-01T08:00+01:00", "2027-01-02T10:00+01:00"),
}


@pytest.mark.parametrize(("asked", "opening"), OPENINGS.values(), ids=OPENINGS.keys())
def test_next_opening(asked, opening):
    assert OFFICE.next_opening(at(asked)) == at(opening)
    assert OFFICE.is_open(at(asked)) == (asked == opening)


def test_a_night_shift_is_written_as_two_windows_and_works_as_one():
    cal = BusinessCalendar(zone=BERLIN, week={0: [("22:00", "24:00")], 1: [("00:00", "06:00")]})
    (night,) = cal.windows(at("2026-05-04T12:00+02:00"), at("2026-05-05T12:00+02:00"))
    assert (night.start, night.end) == (at("2026-05-04T22:00+02:00"), at("2026-05-05T06:00+02:00"))
    assert cal.is_open(at("2026-05-05T00:00+02:00"))


def test_open_to_midnight_is_open_to_its_last_microsecond():
    cal = daily(BERLIN, ("20:00", "24:00"))
    assert cal.is_open(at("2026-05-04T23:59:59.999999+02:00"))
    assert not cal.is_open(at("2026-05-05T00:00+02:00"))


def test_windows_that_touch_are_one():
    cal = daily(BERLIN, ("12:00", "18:00"), ("08:00", "12:00"))
    (day,) = cal.windows(at("2026-05-04T00:00+02:00"), at("2026-05-05T00:00+02:00"))
    assert day.length == hours(10)


PAUSED = {
    "none": ([], 4, "2026-05-05T12:00+02:00"),
    "while open": ([("09:00", "10:00")], 3, "2026-05-05T12:00+02:00"),
    "over lunch": ([("11:30", "13:30")], 4, "2026-05-05T14:00+02:00"),
    "while closed": ([("12:15", "12:45")], 5, "2026-05-05T14:00+02:00"),
    "from the start": ([("07:00", "09:00")], 1, "2026-05-05T10:00+02:00"),
    "starts when time is up": ([("09:00", "10:00")], 1, "2026-05-05T09:00+02:00"),
    "overlapping, unordered": ([("10:00", "11:00"), ("09:00", "10:30")], 2, "2026-05-05T12:00+02:00"),
    "of no length": ([("09:00", "09:00")], 2, "2026-05-05T10:00+02:00"),
    "before the start": ([("06:00", "08:00")], 2, "2026-05-05T10:00+02:00"),
    "nothing to do": ([("07:00", "09:00")], 0, "2026-05-05T08:00+02:00"),
}


@pytest.mark.parametrize(("pauses", "length", "due"), PAUSED.values(), ids=PAUSED.keys())
def test_pauses(pauses, length, due):
    start = at("2026-05-05T08:00+02:00")
    out = [Window(*(at(f"2026-05-05T{time}+02:00") for time in pair)) for pair in pauses]
    assert OFFICE.add(start, hours(length), pauses=out) == at(due)
    assert OFFICE.between(start, at(due), pauses=out) == hours(length)
