"""Public holidays: by place, for any year, with exceptions. Expected dates are from the calendars of the places."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest

from leadrouting.businesstime import BusinessCalendar
from leadrouting.teams.calendars import calendar_of
from leadrouting.teams.holidays import (
    ClosedDays,
    countries,
    is_known,
    place_in_words,
    public_holidays,
    subdivisions,
)
from leadrouting.teams.models import Holiday, OfficeHours, OpeningWindow


def closed(country: str, part: str = "", own: set[date] = frozenset(), worked: set[date] = frozenset()):
    return ClosedDays(country, part, frozenset(own), frozenset(worked))


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        (("DE", "BY"), "2026-01-06", True),  # Epiphany: Bavaria closes, Berlin works
        (("DE", "BE"), "2026-01-06", False),
        (("DE", ""), "2026-01-06", False),  # the whole country: only what all parts share
        (("DE", "BE"), "2026-03-08", True),  # Women's Day: the other way round
        (("DE", "BY"), "2026-03-08", False),
        (("DE", "BY"), "2026-12-25", True),
        (("DE", "BE"), "2026-12-24", False),  # half days at most are no public holidays
        (("GB", "SCT"), "2026-01-02", True),
        (("GB", "ENG"), "2026-01-02", False),
        (("US", "CA"), "2026-07-03", True),  # 4 July 2026 is a Saturday: both dates count
        (("US", "CA"), "2026-07-04", True),
        (("US", ""), "2027-12-31", True),  # New Year's Day 2028, a Saturday, is observed in the year before
        (("", ""), "2026-12-25", False),
    ],
)
def test_a_holiday_on_one_side_of_a_border(place, day, expected):
    assert (date.fromisoformat(day) in closed(*place)) is expected


@pytest.mark.parametrize("year", [1995, 2014, 2041, 2060, 2099])
def test_years_never_run_out(year):
    """A process that runs for ever, a clock of long ago: a year is worked out when asked for."""
    assert date(year, 12, 25) in closed("DE", "BY")
    assert date(year, 12, 24) not in closed("DE", "BY")


def test_a_year_knows_all_its_dates_by_itself():
    """So the last days of December can be asked of their own year. Holds for every place that is offered."""
    for country in countries():
        for part in ["", *subdivisions(country)]:
            assert {day.year for day in public_holidays(country, part, 2027)} <= {2027}


def test_own_holidays_close_and_worked_ones_open_for_their_date_alone():
    epiphany = date(2026, 1, 6)
    days = closed("DE", "BY", own={date(2026, 8, 7)}, worked={epiphany})
    assert date(2026, 8, 7) in days
    assert epiphany not in days
    assert date(2027, 1, 6) in days


def test_closed_days_are_a_value():
    """Equal hours share what was worked out for them; calendars travel between processes."""
    week = {0: [("09:00", "17:00")]}
    one, two = (BusinessCalendar("UTC", week, closed("DE", "BY")) for _ in range(2))
    assert one == two and hash(one) == hash(two)
    assert one != BusinessCalendar("UTC", week, closed("DE", "BE"))
    assert pickle.loads(pickle.dumps(one)) == one


def test_places_have_names():
    assert countries()["CI"] == "Ivory Coast"
    assert countries()["IM"] == "Isle of Man"
    assert place_in_words("DE", "BY") == "Germany: Bayern (BY)"
    assert place_in_words("BR", "") == "Brazil"
    assert is_known("", "") and is_known("DE", "") and is_known("DE", "BY")
    assert not is_known("DE", "XX") and not is_known("XX", "") and not is_known("", "BY")


def test_names_do_not_hang_on_the_servers_language(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "th")
    public_holidays.cache_clear()
    assert public_holidays("DE", "", 2026)[date(2026, 12, 25)] == "Christmas Day"
    public_holidays.cache_clear()


@pytest.fixture
def office(db) -> OfficeHours:
    hours = OfficeHours.objects.create(
        name="Munich", time_zone="Europe/Berlin", country="DE", subdivision="BY"
    )
    for weekday in range(7):
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="09:00", closes="17:00")
    return hours


def is_open(office: OfficeHours, day: str) -> bool:
    return calendar_of(office).is_open(datetime.fromisoformat(f"{day}T12:00+01:00"))


def test_office_hours_know_their_place(office):
    Holiday.objects.create(office_hours=office, day=date(2026, 1, 8), name="Founders' day")
    office.worked = [date(2027, 1, 6)]
    office.save()
    office.refresh_from_db()
    assert [is_open(office, f"2026-01-0{day}") for day in (5, 6, 7, 8)] == [True, False, True, False]
    assert is_open(office, "2027-01-06")


def test_a_place_that_is_no_longer_known_costs_its_holidays_only(office, caplog):
    office.subdivision = "gone"
    assert is_open(office, "2026-01-06")
    assert "No public holidays are known for this place" in caplog.text


def test_new_years_eve_to_new_years_day(office):
    """31 December 2026 is a Thursday and open; 1 January is closed; 2 January, a Saturday, is open here."""
    calendar = calendar_of(office)
    closing = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert calendar.next_opening(closing) == datetime(2027, 1, 2, 8, 0, tzinfo=UTC)
