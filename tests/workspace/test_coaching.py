"""The card of one rep."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadrouting.analytics.coaching import Replies, Times, record
from leadrouting.analytics.measures import eight_figures
from leadrouting.assignments import judging, ownership
from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import Absence, User
from leadrouting.workspace.coaching import strip
from tests import world
from tests.analytics import past


def answered(scene, rep, minutes: int, source: str = "website") -> Lead:
    began = scene.now - timedelta(hours=3)
    lead = past.lead(began, source=source)
    past.owned(lead, rep, began, replied_at=began + timedelta(minutes=minutes))
    return lead


def test_who_may_open_it(scene, as_):
    card = f"/team/reps/{scene.priya.pk}/"
    assert as_(scene.mira).get(card).status_code == 200
    assert as_(world.user(role=User.Role.OPS)).get(card).status_code == 200
    assert as_(scene.priya).get(card).status_code == 200, "one’s own"
    assert f'href="/reach/{scene.priya.pk}/"' in as_(scene.mira).get(card).content.decode()
    assert 'href="/reach/"' in as_(scene.priya).get(card).content.decode()
    assert as_(scene.tom).get(card).status_code == 404, "a colleague’s"
    assert as_(world.team().manager).get(card).status_code == 404
    assert as_(world.user(role=User.Role.SERVICE)).get(card).status_code == 403
    assert Client().get(card).status_code == 302
    assert as_(scene.mira).get(f"/team/reps/{scene.mira.pk}/").status_code == 404


def test_without_leads_there_are_dashes_and_no_sentence(scene, as_):
    response = as_(scene.mira).get(f"/team/reps/{scene.tom.pk}/?days=7")
    page = response.content.decode()
    assert "Fewer than five leads" in page and "No lead was answered" in page
    shown = {label: own for label, own, _ in response.context["figures"]}
    assert (shown["Response time, median"], shown["Win rate"], shown["Deadlines missed"]) == ("–", "–", "–")


def test_times_are_those_of_the_figures_and_sentences_come_with_them(scene, as_):
    for minutes in (10, 20, 30, 40, 400):
        answered(scene, scene.priya, minutes, "e-mail")
    for minutes in (1, 2, 3, 4, 5, 6):
        answered(scene, scene.tom, minutes, "e-mail")
    start, end = scene.now - timedelta(days=7), scene.now + timedelta(seconds=1)
    found = record(scene.priya, zone="UTC", start=start, end=end)
    assert found.own.all == Times(5, 30 * 60, pytest.approx(256 * 60))
    assert found.own.sources == {"e-mail": found.own.all}
    assert found.team.all.leads == 11
    assert found.own.hours == {(scene.now - timedelta(hours=3)).astimezone(UTC).hour: found.own.all}
    figures = eight_figures(start=start, end=end, now=end, team_ids=[scene.team.pk])
    assert next(one for one in figures if one.key == "first_response_time").denominator == 11
    page = as_(scene.mira).get(f"/team/reps/{scene.priya.pk}/").content.decode()
    assert "Answers leads from e-mail in 30 min at the median, the team in 6 min." in page
    assert "As a list" in page and "nine of ten" in page


def test_declines_feedback_disputes_and_absences(scene, as_):
    Activity.objects.create(
        lead=scene.lead,
        actor=scene.priya.user,
        kind=Activity.Kind.DECLINED,
        at=scene.now,
        text="Not my product",
    )
    judging.rate(lead_id=scene.lead.pk, by=scene.priya.user, fit=1, reason="Wanted a job", now=scene.now)
    judging.disagree(lead_id=scene.lead.pk, by=scene.priya.user, reason="Speaks Dutch", now=scene.now)
    Absence.objects.create(
        rep=scene.priya, first_day=scene.now.date(), last_day=scene.now.date() + timedelta(days=3)
    )
    ownership.close(lead_id=scene.lead.pk, by=scene.priya.user, outcome="won", revenue=99, now=scene.now)
    page = as_(scene.mira).get(f"/team/reps/{scene.priya.pk}/").content.decode()
    for words in ("Not my product", "Wanted a job", "Speaks Dutch", "Away", ">99<", "100.0 %"):
        assert words in page


def test_the_period_is_in_the_address(scene, as_):
    client, card = as_(scene.mira), f"/team/reps/{scene.priya.pk}/"
    assert [client.get(f"{card}?days={asked}").context["days"] for asked in ("7", "90", "5", "x")] == [
        7,
        90,
        30,
        30,
    ]


def test_a_hundred_leads_cost_what_none_do(scene, as_):
    client, card = as_(scene.mira), f"/team/reps/{scene.priya.pk}/"
    client.get(card)
    with CaptureQueriesContext(connection) as few:
        client.get(card)
    for number in range(30):
        answered(scene, scene.priya, number + 1, f"source {number % 3}")
    with CaptureQueriesContext(connection) as many:
        client.get(card)
    assert len(many) <= len(few) <= 24


def test_the_strip_has_all_hours_and_its_ends_are_the_fastest_and_the_slowest():
    cells = strip({9: Times(5, 60, 60), 14: Times(2, 600, 900)})
    assert len(cells) == 24
    assert (cells[9].level, cells[14].level, cells[0].level) == (1, 4, 0)
    assert (cells[0].shown, cells[23].label) == ("–", "23:00–00:00")
    assert [one.level for one in strip({})] == [0] * 24
    assert Replies(Times(), {}, {}).all.leads == 0


def test_links_to_it(scene, as_):
    assert f'href="/team/reps/{scene.priya.pk}/"' in as_(scene.mira).get("/team/").content.decode()
    assert f'href="/team/reps/{scene.priya.pk}/"' in as_(scene.priya).get("/leads/").content.decode()
