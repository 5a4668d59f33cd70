"""Tables of how such systems go wrong, reckoned by hand. Instants are local wall clock with their offset."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadrouting.businesstime import BusinessCalendar

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
CASABLANCA, SANTIAGO = "Africa/Casablanca", "America/Santiago"
KOLKATA, KATHMANDU, CHATHAM = "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham"

OFFICE = [("09:00", "17:00")]
SPLIT = [("09:00", "12:00"), ("13:00", "18:00")]
NIGHT = [("00:00", "06:00"), ("22:00", "24:00")]
ALL_DAY = [("00:00", "24:00")]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def calendar(zone: str, windows: list[tuple[str, str]], days: str = "every day", **more) -> BusinessCalendar:
    numbers = {"every day": range(7), "weekdays": range(5), "to Saturday": range(6)}[days]
    return BusinessCalendar(zone=zone, week=dict.fromkeys(numbers, windows), **more)


# Start, business minutes, due: when clocks change. Each is also asked backwards, as time between.
CLOCKS = {
    # 28 March 2026 is a Saturday; at 02:00 on Sunday it is 03:00. 22:00 to 06:00 lasts seven hours.
    "Berlin, a night shift that loses an hour": (
        calendar(BERLIN, NIGHT),
        *("2026-03-28T22:00+01:00", 7 * 60, "2026-03-29T06:00+02:00"),
    ),
    # 25 October 2026: 03:00 is 02:00 again. 22:00 to 06:00 lasts nine hours.
    "Berlin, a night shift that gains an hour": (
        calendar(BERLIN, NIGHT),
        *("2026-10-24T22:00+02:00", 9 * 60, "2026-10-25T06:00+01:00"),
    ),
    "Berlin, an hour from 01:30 over the gap": (
        calendar(BERLIN, ALL_DAY),
        *("2026-03-29T01:30+01:00", 60, "2026-03-29T03:30+02:00"),
    ),
    "Berlin, an hour from the first 02:30 is the second": (
        calendar(BERLIN, ALL_DAY),
        *("2026-10-25T02:30+02:00", 60, "2026-10-25T02:30+01:00"),
    ),
    "New York, a day of 23 hours": (
        calendar(NEW_YORK, ALL_DAY),
        *("2026-03-08T00:00-05:00", 23 * 60, "2026-03-09T00:00-04:00"),
    ),
    "New York, a day of 25 hours": (
        calendar(NEW_YORK, ALL_DAY),
        *("2026-11-01T00:00-04:00", 25 * 60, "2026-11-02T00:00-05:00"),
    ),
    # Two weekday offices do not notice: Friday 16:30 plus an hour is Monday 09:30 by the wall.
    "New York, a weekend with a change": (
        calendar(NEW_YORK, OFFICE, "weekdays"),
        *("2026-03-06T16:30-05:00", 60, "2026-03-09T09:30-04:00"),
    ),
    # Lord Howe moves by half an hour: 02:00 becomes 02:30 on 4 October 2026, 02:00 becomes 01:30 on 5 April.
    "Lord Howe, a night shift half an hour short": (
        calendar(LORD_HOWE, NIGHT),
        *("2026-10-03T22:00+10:30", 7 * 60 + 30, "2026-10-04T06:00+11:00"),
    ),
    "Lord Howe, a night shift half an hour long": (
        calendar(LORD_HOWE, NIGHT),
        *("2026-04-04T22:00+11:00", 8 * 60 + 30, "2026-04-05T06:00+10:30"),
    ),
    # Morocco is at +01:00 but for Ramadan: back at 03:00 on 15 February 2026, forward at 02:00 on 22 March.
    "Casablanca, a night shift into Ramadan": (
        calendar(CASABLANCA, NIGHT),
        *("2026-02-14T22:00+01:00", 9 * 60, "2026-02-15T06:00+00:00"),
    ),
    "Casablanca, a night shift out of Ramadan": (
        calendar(CASABLANCA, NIGHT),
        *("2026-03-21T22:00+00:00", 7 * 60, "2026-03-22T06:00+01:00"),
    ),
    # Chile: Saturday 5 September 2026 ends at 24:00 and Sunday begins at 01:00.
    "Santiago, no midnight: the night is an hour short": (
        calendar(SANTIAGO, NIGHT),
        *("2026-09-05T22:00-04:00", 7 * 60, "2026-09-06T06:00-03:00"),
    ),
    # Sunday 5 April 2026 does not begin yet: at 24:00 on Saturday it is 23:00 again.
    "Santiago, 23:00 twice: the night is an hour long": (
        calendar(SANTIAGO, NIGHT),
        *("2026-04-04T22:00-03:00", 9 * 60, "2026-04-05T06:00-04:00"),
    ),
    "Santiago, a day that ends at 24:00 has 25 hours": (
        calendar(SANTIAGO, ALL_DAY),
        *("2026-04-04T00:00-03:00", 25 * 60, "2026-04-05T00:00-04:00"),
    ),
}

# Start, business minutes, due: weeks, holidays, midnights, years.
ORDINARY = {
    # The classic: Saturday closes at 15:00; a lead at 15:00 with an hour is due on Monday at 10:00.
    "Saturday 15:00 plus one hour": (
        BusinessCalendar(BERLIN, {**dict.fromkeys(range(5), OFFICE), 5: [("09:00", "15:00")]}),
        *("2026-03-07T15:00+01:00", 60, "2026-03-09T10:00+01:00"),
    ),
    "Saturday 15:00 plus one hour, closed on Saturdays": (
        calendar(BERLIN, OFFICE, "weekdays"),
        *("2026-03-07T15:00+01:00", 60, "2026-03-09T10:00+01:00"),
    ),
    "Saturday 15:00 plus one hour, open till four": (
        calendar(BERLIN, [("09:00", "16:00")], "to Saturday"),
        *("2026-03-07T15:00+01:00", 60, "2026-03-07T16:00+01:00"),
    ),
    # On the night of 28 March the clocks change, on Sunday: Monday is at +02:00.
    "Saturday 15:00 plus one hour, clocks change on Sunday": (
        calendar(BERLIN, OFFICE, "weekdays"),
        *("2026-03-28T15:00+01:00", 60, "2026-03-30T10:00+02:00"),
    ),
    "split shift, over lunch": (
        calendar(BERLIN, SPLIT, "weekdays"),
        *("2026-03-04T11:30+01:00", 60, "2026-03-04T13:30+01:00"),
    ),
    "split shift, at lunch": (
        calendar(BERLIN, SPLIT, "weekdays"),
        *("2026-03-04T12:20+01:00", 15, "2026-03-04T13:15+01:00"),
    ),
    # 30 minutes on Wednesday evening, all 480 on Thursday, 30 on Friday.
    "split shift, over a day": (
        calendar(BERLIN, SPLIT, "weekdays"),
        *("2026-03-04T17:30+01:00", 30 + 480 + 30, "2026-03-06T09:30+01:00"),
    ),
    "to the end of a day at 24:00": (
        calendar(BERLIN, [("16:00", "24:00")]),
        *("2026-03-04T23:00+01:00", 60, "2026-03-05T00:00+01:00"),
    ),
    "a minute past the end of a day at 24:00": (
        calendar(BERLIN, [("16:00", "24:00")]),
        *("2026-03-04T23:00+01:00", 61, "2026-03-05T16:01+01:00"),
    ),
    "24:00 runs on into a day from 00:00": (
        calendar(BERLIN, NIGHT),
        *("2026-03-04T23:00+01:00", 120, "2026-03-05T01:00+01:00"),
    ),
    # The shift that begins on the eve belongs to the eve; what would follow after midnight is the holiday's.
    "a night shift into a holiday": (
        calendar(BERLIN, NIGHT, holidays={date(2026, 5, 1)}),
        *("2026-04-30T23:00+02:00", 120, "2026-05-02T01:00+02:00"),
    ),
    "Kolkata": (calendar(KOLKATA, OFFICE), *("2026-03-04T16:45+05:30", 30, "2026-03-05T09:15+05:30")),
    "Kolkata, asked in UTC": (
        calendar(KOLKATA, OFFICE),
        *("2026-03-04T03:30+00:00", 60, "2026-03-04T04:30+00:00"),
    ),
    "Kathmandu": (calendar(KATHMANDU, OFFICE), *("2026-03-04T16:45+05:45", 30, "2026-03-05T09:15+05:45")),
    # 09:00 at +05:45 is 03:15 UTC.
    "Kathmandu, asked in UTC": (
        calendar(KATHMANDU, OFFICE),
        *("2026-03-04T03:00+00:00", 60, "2026-03-04T04:15+00:00"),
    ),
    # +13:45 in summer, +12:45 from 5 April 2026, 03:45: a night of nine hours.
    "Chatham, 45 minutes and a change": (
        calendar(CHATHAM, NIGHT),
        *("2026-04-04T22:00+13:45", 9 * 60, "2026-04-05T06:00+12:45"),
    ),
    # 31 December 2026 is a Thursday, 1 January a Friday: half an hour on Wednesday, the rest on Monday.
    "holidays on both sides of a year": (
        calendar(BERLIN, OFFICE, "weekdays", holidays={date(2026, 12, 31), date(2027, 1, 1)}),
        *("2026-12-30T16:30+01:00", 60, "2027-01-04T09:30+01:00"),
    ),
    "New Year's Eve to 24:00 and on": (
        calendar(BERLIN, ALL_DAY, holidays={date(2027, 1, 1)}),
        *("2026-12-31T23:30+01:00", 60, "2027-01-02T00:30+01:00"),
    ),
    # 2028 has a 29 February, a Tuesday; 2100 has none: 28 February is a Sunday there, 1 March a Monday.
    "over a leap day": (
        calendar(BERLIN, OFFICE),
        *("2028-02-28T16:30+01:00", 60 + 480, "2028-03-01T09:30+01:00"),
    ),
    "a holiday on a leap day": (
        calendar(BERLIN, OFFICE, holidays={date(2028, 2, 29)}),
        *("2028-02-28T16:30+01:00", 60, "2028-03-01T09:30+01:00"),
    ),
    "a century without its leap day": (
        calendar("UTC", OFFICE),
        *("2100-02-28T16:30+00:00", 60, "2100-03-01T09:30+00:00"),
    ),
    "only on a special day": (
        BusinessCalendar(BERLIN, {}, special_days={date(2026, 3, 7): OFFICE}),
        *("2026-03-04T12:00+01:00", 60, "2026-03-07T10:00+01:00"),
    ),
}

CASES = {**CLOCKS, **ORDINARY}


@pytest.mark.parametrize(("office", "start", "minutes", "due"), CASES.values(), ids=CASES.keys())
def test_due(office, start, minutes, due):
    assert office.add(at(start), timedelta(minutes=minutes)) == at(due)
    assert office.between(at(start), at(due)) == timedelta(minutes=minutes)


def test_a_holiday_on_one_side_of_a_border_only():
    """6 January 2026, a Tuesday: Munich keeps Epiphany, Berlin does not. The same lead, the same hour."""
    munich = calendar(BERLIN, OFFICE, "weekdays", holidays={date(2026, 1, 6)})
    berlin = calendar(BERLIN, OFFICE, "weekdays")
    late = at("2026-01-05T16:30+01:00")
    assert munich.add(late, timedelta(hours=1)) == at("2026-01-07T09:30+01:00")
    assert berlin.add(late, timedelta(hours=1)) == at("2026-01-06T09:30+01:00")


# A prospect far away: what their clock says, and what an office that keeps its own hours makes of it.
PROSPECTS = {
    # Berlin 12:00 in winter is 11:00 UTC.
    "Honolulu": ("2026-03-04T12:00+01:00", "Pacific/Honolulu", "Wednesday 01:00", False),
    "Kolkata": ("2026-03-04T12:00+01:00", KOLKATA, "Wednesday 16:30", True),
    "Kathmandu": ("2026-03-04T12:00+01:00", KATHMANDU, "Wednesday 16:45", True),
    "Lord Howe, in summer there": ("2026-03-04T12:00+01:00", LORD_HOWE, "Wednesday 22:00", False),
    "Lord Howe, in winter there": ("2026-07-01T12:00+02:00", LORD_HOWE, "Wednesday 20:30", False),
    "Kiritimati, tomorrow already": ("2026-03-04T12:00+01:00", "Pacific/Kiritimati", "Thursday 01:00", False),
    # From 8 to 29 March New York is five hours behind Berlin, else six.
    "New York before its change": ("2026-03-06T15:00+01:00", NEW_YORK, "Friday 09:00", True),
    "New York between the changes": ("2026-03-09T14:00+01:00", NEW_YORK, "Monday 09:00", True),
    "New York an hour before that": ("2026-03-06T14:00+01:00", NEW_YORK, "Friday 08:00", False),
}


@pytest.mark.parametrize(("now", "zone", "said", "is_open"), PROSPECTS.values(), ids=PROSPECTS.keys())
def test_a_far_away_prospects_own_hour(now, zone, said, is_open):
    assert f"{at(now).astimezone(ZoneInfo(zone)):%A %H:%M}" == said
    assert calendar(zone, OFFICE, "weekdays").is_open(at(now)) is is_open


def test_no_hour_suits_both():
    """Berlin and Honolulu: when the one opens the other has closed, so a lead waits; neither is ever refused."""
    berlin, honolulu = calendar(BERLIN, OFFICE, "weekdays"), calendar("Pacific/Honolulu", OFFICE, "weekdays")
    friday = at("2026-03-06T17:00+01:00")
    assert honolulu.next_opening(friday) == at("2026-03-06T09:00-10:00")
    assert berlin.next_opening(friday) == at("2026-03-09T09:00+01:00")
