"""What routing knows of people: who is there, in which hours, where places belong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from leadrouting.common.models import Stamp
from leadrouting.engine.roster import Why
from leadrouting.teams.models import (
    Absence,
    Holiday,
    Membership,
    OfficeHours,
    OpeningWindow,
    Rep,
    SpecialDay,
    Territory,
)
from leadrouting.teams.snapshot import people, read_people
from tests import world

pytestmark = pytest.mark.django_db


def stamp() -> int:
    return Stamp.objects.get().version


def why(rep: Rep, at: datetime = world.NOON) -> Why | None:
    return read_people(0).reps[rep.pk].unavailable(at)


def hours(zone: str = "Europe/Berlin", **values) -> OfficeHours:
    hours = OfficeHours.objects.create(name=f"Hours {OfficeHours.objects.count()}", time_zone=zone, **values)
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=hours, weekday=weekday, opens="09:00", closes="17:00")
    return hours


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, None),
        ({"is_active": False}, Why.INACTIVE),
        ({"presence": "away"}, Why.AWAY),
        ({"presence": "busy"}, Why.BUSY),
    ],
)
def test_presence(values, expected):
    assert why(world.rep(**values)) is expected


def test_absence_counts_in_the_reps_own_day():
    kiwi = world.rep(time_zone="Pacific/Auckland")
    Absence.objects.create(rep=kiwi, first_day=date(2026, 3, 5), last_day=date(2026, 3, 5))
    assert why(kiwi, datetime(2026, 3, 4, 10, 59, tzinfo=UTC)) is None  # 23:59 on the 4th there
    assert why(kiwi, datetime(2026, 3, 4, 11, 0, tzinfo=UTC)) is Why.ABSENT
    assert why(kiwi, datetime(2026, 3, 5, 11, 0, tzinfo=UTC)) is None


def test_own_hours_come_before_the_teams():
    team = world.team(office_hours=hours("Asia/Kolkata"))
    indian, german = world.rep(team=team), world.rep(team=team, office_hours=hours("Europe/Berlin"))
    assert why(indian) is Why.OUTSIDE_HOURS  # 17:30 in Kolkata
    assert why(german) is None  # 13:00 in Berlin


def test_public_and_own_holidays_close_and_a_special_day_opens():
    berlin = hours(country="DE")
    rep = world.rep(office_hours=berlin)
    labour_day = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
    assert why(rep, labour_day) is Why.OUTSIDE_HOURS
    SpecialDay.objects.create(office_hours=berlin, day=date(2026, 5, 1), opens="11:00", closes="13:00")
    assert why(rep, labour_day) is None
    Holiday.objects.create(office_hours=berlin, day=date(2026, 3, 4), name="Founders' day")
    assert why(rep) is Why.OUTSIDE_HOURS


def test_hours_that_never_open_stop_their_reps_only(caplog):
    broken = OfficeHours.objects.create(name="Broken", time_zone="UTC")
    assert why(world.rep(office_hours=broken)) is Why.OUTSIDE_HOURS
    assert why(world.rep()) is None
    assert "Office hours cannot be used" in caplog.text


def test_every_change_of_the_configuration_is_seen_by_the_next_reading():
    rep = world.rep()
    before = people(stamp())
    assert people(stamp()) is before
    Rep.objects.filter(pk=rep.pk).update(presence="away")  # no signal sees this
    after = people(stamp())
    assert after is not before
    assert after.reps[rep.pk].unavailable(world.NOON) is Why.AWAY
    with connection.cursor() as cursor:
        cursor.execute("UPDATE teams_rep SET presence = 'available'")
    assert people(stamp()).reps[rep.pk].unavailable(world.NOON) is None


def test_a_log_in_is_no_change_of_the_configuration():
    user = world.rep().user
    before = stamp()
    user.last_login = world.NOON
    user.save(update_fields=["last_login"])
    assert stamp() == before


def test_reading_costs_the_same_for_two_and_for_fifty(django_assert_num_queries):
    world.pool(*world.reps(2, office_hours=hours()))
    with django_assert_num_queries(16):
        read_people(0)
    world.pool(*world.reps(50, office_hours=hours("Asia/Kolkata")))
    with django_assert_num_queries(16):
        read_people(0)


def test_attendance_is_kept_for_the_minute_and_not_longer():
    office = hours("UTC")
    rep = world.rep(office_hours=office)
    pool = world.pool(rep)
    known = read_people(0)
    last = datetime(2026, 3, 4, 16, 59, 59, 999999, tzinfo=UTC)
    assert known.attendance(pool.pk, last).anybody
    closed = known.attendance(pool.pk, last + timedelta(microseconds=1))
    assert not closed.anybody
    assert closed.anybody_at_any_hour


def test_the_deepest_territory_that_names_the_place():
    world_wide = Territory.objects.create(code="world", name="World")
    europe = Territory.objects.create(code="emea", name="EMEA", parent=world_wide, countries=["DE", "FR"])
    Territory.objects.create(code="dach", name="DACH", parent=europe, countries=["DE"])
    Territory.objects.create(code="bavaria", name="Bavaria", parent=europe, regions=["DE-BY"])
    atlas = read_people(0).atlas
    assert atlas.path("DE", "") == ("world", "emea", "dach")
    assert atlas.path("fr", "") == ("world", "emea")
    assert atlas.path("DE", "de-by") == ("world", "emea", "bavaria")
    assert atlas.path("BR", "") == ()


def test_a_pools_roster_keeps_the_order_of_joining():
    first, second = world.reps(2)
    pool = world.pool(second, first, weights=[3, 1])
    assert [(m.rep, m.weight) for m in read_people(0).pools[pool.pk].members] == [
        (second.pk, 3),
        (first.pk, 1),
    ]
    Membership.objects.filter(rep=second).update(weight=2)
    assert read_people(0).pools[pool.pk].members[0].weight == 2
