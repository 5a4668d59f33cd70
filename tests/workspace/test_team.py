"""The manager's page: figures, workload, clocks, queues, decisions, reports."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadrouting.analytics.models import RebalanceReport
from leadrouting.analytics.today import today
from leadrouting.assignments import ownership
from leadrouting.assignments.attaining import count_attainment
from leadrouting.assignments.orders import Cause
from leadrouting.leads.models import Lead
from leadrouting.notifications.alarms import raise_queue_alarms
from leadrouting.sla.models import Clock
from leadrouting.sla.services import act
from leadrouting.teams.models import Membership, OfficeHours, OpeningWindow, Quota, Rep, User
from leadrouting.workspace.watch import depths
from tests import world
from tests.workspace.scenes import HTMX

FIGURES = [
    "assignment_time",
    "first_response_time",
    "sla_compliance",
    "lead_conversion",
    "workload_balance",
    "ownership_coverage",
    "revenue_per_rep",
    "reassignment_rate",
]


def test_the_eight_figures_with_numerators_and_denominators(scene, as_):
    ownership.close(lead_id=scene.lead.pk, by=scene.priya.user, outcome="won", revenue=1250, now=scene.now)
    response = as_(scene.mira).get("/team/")
    assert [figure.key for figure, _ in response.context["figures"]] == FIGURES
    page = response.content.decode()
    assert "1 ÷ 1" in page
    assert "leads won by now ÷ leads × 100" in page
    assert "First response from creation" in page


def test_workload_shows_who_carries_what(scene, as_):
    closed = OfficeHours.objects.create(name="Never today", time_zone="UTC")
    tomorrow = (scene.now + timedelta(days=2)).weekday()
    OpeningWindow.objects.create(office_hours=closed, weekday=tomorrow, opens="09:00", closes="10:00")
    Rep.objects.filter(pk=scene.tom.pk).update(office_hours=closed, presence="busy")
    Rep.objects.filter(pk=scene.priya.pk).update(max_open=1)
    priya, tom = as_(scene.mira).get("/team/").context["workload"]
    assert (priya.rep.pk, priya.open, priya.today, priya.to_answer) == (scene.priya.pk, 1, 1, 1)
    assert priya.is_open and priya.is_full
    assert (tom.open, tom.is_open) == (0, False)
    assert tom.hours.startswith("Opens ") and "09:00" in tom.hours


def test_missed_deadlines_say_where_the_lead_is_now(scene, as_):
    clock = Clock.objects.get(lead=scene.lead)
    Clock.objects.filter(pk=clock.pk).update(started_at=scene.now - timedelta(hours=2))
    world.due(clock, scene.now)
    act(clock.pk, scene.lead.pk, scene.now + timedelta(milliseconds=1))
    response = as_(scene.mira).get("/team/")
    assert response.context["missed"] == 1
    assert "missed by Priya Raghunathan, now with Tom Dvorak" in response.content.decode()


def test_a_lead_that_left_the_team_is_named_and_not_linked(scene, as_):
    stranger, ops = world.rep(), world.user(role=User.Role.OPS)
    ownership.reassign(lead_id=scene.lead.pk, to=stranger, by=ops, reason="Other team", now=scene.now)
    page = as_(scene.mira).get("/team/").content.decode()
    assert "Anna Berg" in page
    assert f'href="/leads/{scene.lead.pk}/"' not in page


def test_queues_show_depth_age_and_alarm(scene, as_):
    for _ in range(3):
        stray = world.lead()
        ownership.route_many([ownership.Order(stray.pk, to_catch_all=True)], scene.now)
    scene.queue.alarm_depth = 2
    scene.queue.save()
    world.queue("Somebody else’s")
    (depth,) = as_(scene.mira).get("/team/").context["depths"]
    assert (depth.leads, depth.alarm) == (3, True)


def test_the_oldest_counts_from_when_it_came_into_the_queue(scene, as_):
    """Not from when it came in: it had an owner for two days."""
    lead = scene.lead
    Lead.objects.filter(pk=lead.pk).update(created_at=scene.now - timedelta(days=2))
    scene.queue.alarm_after = timedelta(hours=1)
    scene.queue.save()
    later = scene.now + timedelta(minutes=10)
    ownership.route_many([ownership.Order(lead.pk, to_queue=scene.queue.pk, cause=Cause.REROUTE)], later)

    (depth,) = depths(scene.mira, later + timedelta(minutes=50))
    assert (depth.oldest_at, depth.alarm) == (later, False)
    (row,) = today(later + timedelta(minutes=50)).waiting
    assert (row.oldest_at, row.alarm) == (later, False)
    assert raise_queue_alarms(later + timedelta(minutes=50)) == 0
    assert "oldest here for" in as_(scene.mira).get("/team/").content.decode()
    assert depths(scene.mira, later + timedelta(minutes=61))[0].alarm
    assert raise_queue_alarms(later + timedelta(minutes=61)) == 1


def test_only_own_teams(scene, as_):
    other = world.team("Americas")
    world.rep("Sofia", team=other)
    page = as_(scene.mira).get(f"/team/?team={other.pk}").content.decode()
    assert "Americas" not in page
    assert "Sofia" not in page
    ops = as_(world.user(role=User.Role.OPS)).get("/team/").content.decode()
    assert "Americas" in ops and "EMEA" in ops


def test_a_manager_without_a_team_is_told_so(db, as_):
    page = as_(world.user(role=User.Role.MANAGER)).get("/team/").content.decode()
    assert "You manage no team yet" in page
    assert "You own no queue." in page


def test_it_costs_the_same_for_two_reps_and_for_twenty(scene, as_):
    client = as_(scene.mira)
    client.get("/team/")
    with CaptureQueriesContext(connection) as two:
        client.get("/team/")
    pool = Membership.objects.first().pool
    for number in range(18):
        Membership.objects.create(pool=pool, rep=world.rep(f"Rep {number}", team=scene.team))
    for _ in range(30):
        scene.routed()
    client.get("/team/")  # reads the configuration again, once
    with CaptureQueriesContext(connection) as twenty:
        client.get("/team/")
    assert len(twenty) <= len(two) <= 29


def test_live_it_asks_for_one_stamp_and_never_computes_the_figures(scene, as_, django_assert_num_queries):
    client = as_(scene.mira)
    stamp = client.get("/team/").context["stamp"]
    with django_assert_num_queries(3):  # session, user, stamp
        assert client.get("/team/", {"stamp": stamp}, **HTMX).status_code == 204
    scene.routed(name="Fresh")
    fragment = client.get("/team/", {"stamp": stamp}, **HTMX)
    assert "Fresh" in fragment.content.decode()
    assert "figures" not in fragment.context


@pytest.fixture
def report(scene) -> RebalanceReport:
    from leadrouting.analytics.reports import make_report

    week = date(2026, 1, 5)
    return make_report(team=scene.team, week=week, now=scene.now)


def test_the_weekly_report_is_shown_and_has_a_page(scene, as_, report):
    client = as_(scene.mira)
    assert f"/team/reports/{report.pk}/" in client.get("/team/").content.decode()
    page = client.get(f"/team/reports/{report.pk}/").content.decode()
    for sentence in report.content["summary"]:
        assert sentence.replace("'", "&#x27;") in page
    assert "Priya Raghunathan" in page
    assert as_(world.user(role=User.Role.MANAGER)).get(f"/team/reports/{report.pk}/").status_code == 404


def test_a_suggestion_is_applied_and_undone_by_one_click(scene, as_, report):
    pool = Membership.objects.first().pool
    (found,) = report.content["pools"]
    report.content["pools"][0]["changed"] = True
    for row, weight in zip(found["weights"], (2, 1), strict=True):
        row["suggested"] = weight
    report.save()
    client, address = as_(scene.mira), f"/team/reports/{report.pk}/pools/{pool.pk}/"
    assert client.get(address).status_code == 405
    page = client.post(address, follow=True).content.decode()
    assert "are set as suggested" in page
    assert sorted(pool.memberships.values_list("weight", flat=True)) == [1, 2]
    assert "what they were before" in client.post(address, {"undo": "1"}, follow=True).content.decode()
    assert sorted(pool.memberships.values_list("weight", flat=True)) == [1, 1]
    pool.memberships.update(weight=9)
    assert "have changed since this report" in client.post(address, follow=True).content.decode()


def test_whoever_has_no_full_share_and_whoever_has_a_quota_is_told(scene, as_):
    Rep.objects.filter(pk=scene.tom.pk).update(started_on=scene.now.date() - timedelta(days=9))
    Quota.objects.create(rep=scene.priya, target=2, measure="number")
    count_attainment(scene.now)
    response = as_(scene.mira).get("/team/")
    priya, tom = response.context["workload"]
    assert tom.share.startswith("half share, week 2 of the ramp-up, until ")
    assert (priya.share, priya.quota, tom.quota) == ("", 0, None)
    assert "0 % of the quota" in response.content.decode()
