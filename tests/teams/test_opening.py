"""Hours in words, as a person in another zone reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadrouting.businesstime import BusinessCalendar
from leadrouting.teams.models import OfficeHours, SpecialDay
from leadrouting.teams.opening import opening_in_words, why_these_hours
from leadrouting.teams.snapshot import read_people
from tests import world

SPLIT = {day: [("09:00", "12:00"), ("13:00", "18:00")] for day in range(5)}
LATE = {day: [("15:00", "24:00")] for day in range(7)}

# 4 March 2026 is a Wednesday; Berlin is an hour ahead of London.
CASES = {
    "open": (SPLIT, "2026-03-04T14:00", "Europe/London", "Open now, closes 18:00 (17:00 in your zone)"),
    "in the same zone": (SPLIT, "2026-03-04T14:00", "Europe/Berlin", "Open now, closes 18:00"),
    "in a zone that says the same": (SPLIT, "2026-03-04T14:00", "Europe/Paris", "Open now, closes 18:00"),
    "at lunch": (SPLIT, "2026-03-04T12:00", "Europe/London", "Opens today 13:00 (12:00 in your zone)"),
    "for the night": (
        SPLIT,
        "2026-03-04T18:00",
        "Europe/London",
        "Opens Thursday 09:00 (08:00 in your zone)",
    ),
    "for the weekend": (SPLIT, "2026-03-06T18:00", "Asia/Kolkata", "Opens Monday 09:00 (13:30 in your zone)"),
    # Berlin changes its clocks on 29 March, New York on 8 March: six hours, then five, then six again.
    "over New York's change": (
        SPLIT,
        "2026-03-06T18:00",
        "America/New_York",
        "Opens Monday 09:00 (04:00 in your zone)",
    ),
    "the day before, there": (
        SPLIT,
        "2026-03-06T18:00",
        "Pacific/Honolulu",
        "Opens Monday 09:00 (Sunday 22:00 in your zone)",
    ),
    "45 minutes": (
        SPLIT,
        "2026-03-04T14:00",
        "Asia/Kathmandu",
        "Open now, closes 18:00 (22:45 in your zone)",
    ),
    "to the end of the day": (LATE, "2026-03-04T20:00", "Europe/Berlin", "Open now, closes 24:00"),
    "to the end of the day, from afar": (
        LATE,
        "2026-03-04T20:00",
        "Asia/Kolkata",
        "Open now, closes 24:00 (Thursday 04:30 in your zone)",
    ),
}


@pytest.mark.parametrize(("week", "now", "viewer", "said"), CASES.values(), ids=CASES.keys())
def test_words(week, now, viewer, said):
    calendar = BusinessCalendar("Europe/Berlin", week)
    now = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert opening_in_words(calendar, now, ZoneInfo(viewer)) == said


def test_round_the_clock():
    always = BusinessCalendar("Europe/Berlin", {day: [("00:00", "24:00")] for day in range(7)})
    for calendar in (None, always):
        assert opening_in_words(calendar, world.NOON, ZoneInfo("UTC")) == "Open round the clock"


def test_far_openings_come_with_their_date_and_year():
    special = {datetime(2027, 1, 4).date(): [("09:00", "12:00")]}
    calendar = BusinessCalendar("UTC", {}, special_days=special)
    assert opening_in_words(calendar, world.NOON, ZoneInfo("UTC")) == "Opens Monday 4 January 2027 09:00"
    later = world.NOON.replace(year=2028)
    assert "Never opens. This calendar has too few" in opening_in_words(calendar, later, ZoneInfo("UTC"))


@pytest.mark.django_db
def test_which_hours_count_and_why():
    emea = OfficeHours.objects.create(name="EMEA hours", time_zone="Europe/Berlin")
    nights = OfficeHours.objects.create(name="Nights", time_zone="Europe/Berlin")
    team, free = world.team("Closers", office_hours=emea), world.team("Hunters")
    assert why_these_hours(world.rep(team=team)) == "“EMEA hours”, from the team Closers"
    own = world.rep(team=team, office_hours=nights)
    assert why_these_hours(own) == "“Nights”, the rep's own instead of the team's “EMEA hours”"
    assert why_these_hours(world.rep(team=free, office_hours=nights)) == "“Nights”, the rep's own"
    assert why_these_hours(world.rep(team=free)).startswith(
        "Round the clock: neither the rep nor the team Hunters"
    )


@pytest.mark.django_db
def test_hours_that_have_ended_open_never_again():
    fair = OfficeHours.objects.create(name="Fair", time_zone="UTC")
    SpecialDay.objects.create(office_hours=fair, day=world.NOON.date(), opens="09:00", closes="13:00")
    rep, free = world.rep(office_hours=fair), world.rep()
    people = read_people(0).reps
    person = people[rep.pk]
    assert person.next_opening(world.NOON) == world.NOON
    assert person.next_opening(world.NOON + timedelta(hours=1)) is None
    assert people[free.pk].next_opening(world.NOON) is None
