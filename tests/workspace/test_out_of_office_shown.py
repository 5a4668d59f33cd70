"""Who is out of office is shown so wherever somebody reads or chooses, whatever the presence says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadrouting.teams.models import Absence, OfficeHours, OpeningWindow, User
from leadrouting.teams.snapshot import people_now
from leadrouting.workspace.forms import told
from leadrouting.workspace.watch import away_until
from tests import world
from tests.workspace.scenes import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(scene: Scene) -> Scene:
    today = timezone.now().date()
    for rep in (scene.priya,):
        Absence.objects.create(
            rep=rep, first_day=today - timedelta(days=1), last_day=today + timedelta(days=1)
        )
    return scene


def test_where_a_lead_is_given_to_somebody(away: Scene) -> None:
    assert told(away.priya, people_now()).endswith("out of office")


def test_on_ones_own_leads(away: Scene, as_: Any) -> None:
    page = as_(away.priya).get("/leads/").content.decode()
    assert "You are out of office until" in page and "/team/calendar/" in page


def test_in_the_list_of_the_admin_and_in_the_api(away: Scene, as_: Any) -> None:
    client = as_(world.user(role=User.Role.OPS, is_staff=True))
    assert "Out of office" in client.get("/admin/teams/rep/").content.decode()
    rows = client.get("/api/v1/reps/").json()["results"]
    assert {row["id"]: row["is_absent"] for row in rows}[away.priya.pk] is True
    assert sum(row["is_absent"] for row in rows) == 1


@pytest.mark.parametrize(
    ("from_noon", "until_noon", "opens"),
    [(False, False, (11, 9)), (True, False, (9, 9)), (False, True, (10, 12))],
)
def test_an_opening_in_an_absence_is_none(from_noon: bool, until_noon: bool, opens: tuple[int, int]) -> None:
    """Office from nine, Monday to Friday; out of office on Monday 9 and Tuesday 10 March, from Saturday seen."""
    office = OfficeHours.objects.create(name="Nine to five", time_zone="UTC")
    for weekday in range(5):
        OpeningWindow.objects.create(office_hours=office, weekday=weekday, opens="09:00", closes="17:00")
    rep = world.rep(office_hours=office)
    days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 10)}
    Absence.objects.create(rep=rep, from_noon=from_noon, until_noon=until_noon, **days)
    opening = people_now().reps[rep.pk].next_opening(datetime(2026, 3, 7, 8, tzinfo=UTC))
    assert opening == datetime(2026, 3, *opens, tzinfo=UTC)


def test_absences_that_meet_are_one() -> None:
    """Monday to Tuesday noon and Tuesday noon to Thursday: back on Friday, wherever it is said."""
    rep = world.rep()
    Absence.objects.create(rep=rep, first_day=date(2026, 3, 9), last_day=date(2026, 3, 10), until_noon=True)
    Absence.objects.create(rep=rep, first_day=date(2026, 3, 10), last_day=date(2026, 3, 12), from_noon=True)
    monday = datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert away_until(rep.user, monday) == datetime(2026, 3, 13, tzinfo=UTC)
    assert people_now().reps[rep.pk].is_absent(datetime(2026, 3, 10, 12, tzinfo=UTC))
