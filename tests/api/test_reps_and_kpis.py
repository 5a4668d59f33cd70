"""Presence, capacity and load; figures by role."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadrouting.teams.models import Absence, Rep
from tests import world
from tests.api.conftest import arrive, client_of

pytestmark = pytest.mark.django_db
ME, REPS, KPIS = "/api/v1/reps/me/", "/api/v1/reps/", "/api/v1/analytics/kpis/"


def test_a_reps_own_load(cast):
    Rep.objects.filter(pk=cast.ann.pk).update(max_open=5)
    arrive()
    body = cast.client("rep").get(ME).json()

    assert body["name"] == "Ann Archer" and body["presence"] == "available"
    assert (body["max_open"], body["max_day"], body["open"], body["today"]) == (5, None, 1, 1)
    assert (body["utilisation"], body["share"], body["quota_reached"]) == (0.2, 100, None)


def test_presence_is_the_reps_own_to_change(cast):
    client = cast.client("rep")

    assert client.patch(ME, {"presence": "away"}).json()["presence"] == "away"
    assert Rep.objects.get(pk=cast.ann.pk).presence == "away"
    assert "Sales ops set this" in str(client.patch(ME, {"max_open": 1}).json()["errors"]["max_open"])
    assert "available, busy, away" in str(client.patch(ME, {"presence": "asleep"}).json()["errors"])
    assert arrive() and cast.ann.leads.count() == 0


def test_out_of_office_is_an_absence_that_one_ends_oneself(cast):
    client, today = cast.client("rep"), timezone.now().date()
    days = {"first_day": f"{today - timedelta(days=1)}", "last_day": f"{today + timedelta(days=2)}"}
    asked = {"out_of_office": {**days, "backup": cast.bob.pk, "reason": "Moving house"}}

    assert client.patch(ME, asked).status_code == 200
    absence = Absence.objects.get()
    assert (absence.rep, absence.backup, absence.reason) == (cast.ann, cast.bob, "Moving house")
    assert arrive() and cast.ann.leads.count() == 0
    assert "already absent" in str(client.patch(ME, asked).json()["errors"]["out_of_office"])
    wrong = {"out_of_office": {**days, "last_day": f"{today - timedelta(days=9)}"}}
    assert "before the first day" in str(client.patch(ME, wrong).json()["errors"]["out_of_office"])
    assert client.patch(ME, {"out_of_office": None}).status_code == 200
    absence.refresh_from_db()
    assert absence.last_day == today - timedelta(days=1)
    assert arrive() and cast.ann.leads.count() == 1


def test_a_rep_who_is_out_of_office_says_until_when(cast, django_assert_num_queries):
    assert (body := cast.client("rep").get(ME).json())["is_absent"] is False and body["absent_until"] is None
    Rep.objects.filter(pk=cast.ann.pk).update(time_zone="Asia/Kolkata")
    today = timezone.now().astimezone(ZoneInfo("Asia/Kolkata")).date()
    for first, last in ((-1, 1), (2, 3), (5, 6)):
        days = {"first_day": today + timedelta(days=first), "last_day": today + timedelta(days=last)}
        Absence.objects.create(rep=cast.ann, **days)

    back = f"{today + timedelta(days=3)}T18:30:00Z"  # midnight in India, after the two that touch
    mine = cast.client("rep").get(ME).json()
    assert (mine["is_absent"], mine["absent_until"]) == (True, back)
    client = cast.client("ops")
    with CaptureQueriesContext(connection) as few:
        client.get(REPS)
    count = len(few)
    Absence.objects.create(
        rep=cast.bob, first_day=today - timedelta(days=1), last_day=today + timedelta(days=30)
    )
    client.get(REPS)  # who is absent is read once after each change
    with django_assert_num_queries(count):
        listed = {rep["name"]: rep["absent_until"] for rep in client.get(REPS).json()["results"]}
    assert listed["Ann Archer"] == back and sum(map(bool, listed.values())) == 2


@pytest.mark.parametrize("who", ["manager", "ops", "service"])
def test_me_is_for_reps(cast, who):
    answer = cast.client(who).get(ME)
    assert answer.status_code == 404 and answer.json()["code"] == "not_a_rep"


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("manager", ["Ann Archer"]),
        ("ops", ["Ann Archer", "Bob Baker"]),
        ("service", ["Ann Archer", "Bob Baker"]),
    ],
)
def test_who_sees_reps(cast, who, sees):
    assert [rep["name"] for rep in cast.client(who).get(REPS).json()["results"]] == sees


def test_reps_do_not_list_reps(cast):
    assert cast.client("rep").get(REPS).status_code == 403


def test_reps_in_pages_with_constant_queries(cast, django_assert_num_queries):
    world.reps(5, team=cast.ann.team)
    client = cast.client("ops")
    client.get(REPS)  # people are read once per process
    with django_assert_num_queries(3):  # token, reps, whether people have changed
        page = client.get(REPS, {"limit": 4}).json()
    with django_assert_num_queries(3):
        rest = client.get(page["next"]).json()
    assert (len(page["results"]), len(rest["results"]), rest["next"]) == (4, 3, None)


def figures(answer, group=None):
    assert answer.status_code == 200, answer.content
    [found] = [one for one in answer.json()["groups"] if one["group"] == group]
    return {figure["key"]: figure for figure in found["figures"]}


def test_figures_by_role(cast):
    arrive()
    world.live(cast.bob)
    arrive()

    def count(who):
        return figures(cast.client(who).get(KPIS))["lead_conversion"]["denominator"]

    assert (count("rep"), count("manager"), count("ops"), count("service")) == (1, 1, 2, 2)
    assert count("other") == 1


def test_namesakes_keep_their_own_figures(cast):
    twin = world.rep("Ann Archer", team=cast.ann.team)
    arrive()
    assert figures(cast.client("rep").get(KPIS))["lead_conversion"]["denominator"] == 1
    assert figures(client_of(twin.user).get(KPIS))["lead_conversion"]["denominator"] == 0


def test_figures_by_group_and_period(cast):
    arrive(source="google")
    now = timezone.now()
    answer = cast.client("manager").get(KPIS, {"group_by": "rep", "from": now - timedelta(days=1)})
    coverage = figures(answer, "Ann Archer")["ownership_coverage"]

    assert (coverage["value"], coverage["numerator"], coverage["denominator"]) == (100, 1, 1)
    assert coverage["formula"] and answer.json()["group_by"] == "rep"
    before = cast.client("manager").get(KPIS, {"from": "2026-01-01", "to": "2026-02-01T00:00:00Z"})
    assert before.json()["from"] == "2026-01-01T00:00:00Z"
    assert figures(before)["lead_conversion"]["value"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("group_by=mood", "group_by"),
        ("from=2026-02-01&to=2026-01-01", "from"),
        ("to=0001-01-02", "to"),
        ("form=2026-01-01", "form"),
        ("from=garbage", "from"),
        ("from=2026-02-30", "from"),
    ],
)
def test_periods_that_cannot_be(cast, query, field):
    answer = cast.client("ops").get(f"{KPIS}?{query}")
    assert answer.status_code == 400 and field in answer.json()["errors"]


def test_a_rep_has_one_group(cast):
    assert cast.client("rep").get(KPIS, {"group_by": "rep"}).status_code == 400


def test_figures_cost_few_queries(cast, django_assert_max_num_queries):
    arrive()
    client = cast.client("manager")
    with django_assert_max_num_queries(6):
        client.get(KPIS, {"group_by": "rep"})
