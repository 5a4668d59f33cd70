"""The list: order, counts, filters, search, pages, and what it costs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadrouting.assignments import ownership
from leadrouting.sla.models import Clock, Target
from leadrouting.teams.models import Rep, User
from tests import world
from tests.workspace.scenes import HTMX


def names(response) -> list[str]:
    return [str(lead) for lead in response.context["page"].object_list]


def counted(response) -> dict[str, int]:
    return {chip.value: number for chip, number in response.context["chips"]}


def due_in(scene, lead, **span) -> None:
    Clock.objects.filter(lead=lead).update(
        started_at=scene.now - timedelta(days=1), due_at=scene.now + timedelta(**span)
    )


def test_overdue_first_then_due_soonest_then_what_is_answered(scene, as_):
    later, answered, overdue = (scene.priyas(name=name) for name in ("Later", "Answered", "Overdue"))
    due_in(scene, later, hours=5)
    due_in(scene, overdue, minutes=-3)
    ownership.respond(lead_id=answered.pk, by=scene.priya.user, now=scene.now)
    response = as_(scene.priya).get("/leads/")
    assert names(response) == ["Overdue", "Anna Berg", "Later", "Answered"]
    page = response.content.decode()
    assert 'class="due late"' in page
    assert re.search(r"3:\d\d over", page)


def test_chips_filter_and_count(scene, as_):
    answered, won = scene.priyas(name="Answered"), scene.priyas(name="Won")
    ownership.respond(lead_id=answered.pk, by=scene.priya.user, now=scene.now)
    ownership.close(lead_id=won.pk, by=scene.priya.user, outcome="won", revenue=5, now=scene.now)
    client = as_(scene.priya)
    assert counted(client.get("/leads/")) == {"open": 2, "to-answer": 1, "in-progress": 1, "closed": 1}
    assert names(client.get("/leads/?show=to-answer")) == ["Anna Berg"]
    assert names(client.get("/leads/?show=in-progress")) == ["Answered"]
    assert names(client.get("/leads/?show=closed")) == ["Won"]
    assert names(client.get("/leads/?show=nonsense&rep=x&queue=9999999999999999999999")) == [
        "Anna Berg",
        "Answered",
    ]


def test_search_finds_every_word_somewhere(scene, as_):
    client = as_(scene.priya)
    assert names(client.get("/leads/", {"q": "anna bergström"})) == ["Anna Berg"]
    assert names(client.get("/leads/", {"q": "90182"})) == ["Anna Berg"]
    nothing = client.get("/leads/", {"q": 'zzz "><b>'})
    assert names(nothing) == []
    assert "Nothing found for “zzz &quot;&gt;&lt;b&gt;”" in nothing.content.decode()
    assert client.get("/leads/", {"q": "a\x00b"}).status_code == 200


def test_a_rep_sees_own_leads_only_and_nobody_elses_by_asking(scene, as_):
    assert names(as_(scene.tom).get(f"/leads/?rep={scene.priya.pk}")) == []


def test_a_manager_sees_the_team_by_rep_and_by_queue(scene, as_):
    stray = world.lead(name="Stray")
    ownership.route_many([ownership.Order(stray.pk, to_catch_all=True)], scene.now)
    client = as_(scene.mira)
    assert names(client.get("/leads/")) == ["Anna Berg"]
    assert names(client.get(f"/leads/?rep={scene.tom.pk}")) == []
    assert names(client.get(f"/leads/?show=waiting&queue={scene.queue.pk}")) == ["Stray"]
    assert names(as_(world.user(role=User.Role.MANAGER)).get("/leads/")) == []


@pytest.mark.parametrize("show", ["open", "to-answer", "in-progress", "closed", "waiting"])
def test_an_empty_list_says_what_comes_there(db, as_, show):
    page = as_(world.rep(team=world.team())).get(f"/leads/?show={show}").content.decode()
    assert 'class="empty"' in page


def test_three_hundred_leads_come_in_pages(scene, as_):
    for number in range(120):
        scene.priyas(name=f"Nr {number}")
    response = as_(scene.priya).get("/leads/?page=3")
    assert response.context["page"].paginator.count == 121
    assert len(names(response)) == 21
    assert "page=2" in response.content.decode()


def test_the_list_costs_the_same_for_one_lead_and_for_fifty(scene, as_):
    client = as_(scene.priya)
    client.get("/leads/")
    with CaptureQueriesContext(connection) as one:
        client.get("/leads/")
    for _ in range(50):
        scene.priyas()
    client.get("/leads/")  # who is absent is read once for each state of the configuration
    with CaptureQueriesContext(connection) as fifty:
        client.get("/leads/")
    assert len(one) == len(fifty) == 10


def test_a_live_page_asks_for_one_stamp_and_gets_nothing_until_something_changed(
    scene, as_, django_assert_num_queries
):
    client = as_(scene.priya)
    stamp = client.get("/leads/").context["stamp"]
    with django_assert_num_queries(3):  # session, user, stamp
        assert client.get(f"/leads/?stamp={stamp}", **HTMX).status_code == 204
    scene.priyas(name="Fresh")
    fragment = client.get(f"/leads/?stamp={stamp}", **HTMX)
    page = fragment.content.decode()
    assert fragment.status_code == 200
    assert "Fresh" in page
    assert "<html" not in page
    assert 'id="unread"' in page


@pytest.mark.parametrize("change", ["accept", "respond", "decline", "close", "presence", "reassign"])
def test_the_stamp_notices(scene, as_, change):
    client = as_(scene.priya)
    stamp = client.get("/leads/").context["stamp"]
    lead, by, now = scene.lead.pk, scene.priya.user, scene.now + timedelta(seconds=1)
    match change:
        case "accept":
            ownership.accept(lead_id=lead, by=by, now=now)
        case "respond":
            ownership.respond(lead_id=lead, by=by, now=now)
        case "decline":
            ownership.decline(lead_id=lead, by=by, reason="Not mine", now=now)
        case "close":
            ownership.close(lead_id=lead, by=by, outcome="junk", now=now)
        case "reassign":
            ownership.reassign(lead_id=lead, to=scene.tom, by=scene.mira, reason="Knows them", now=now)
        case "presence":
            Rep.objects.filter(pk=scene.priya.pk).update(presence="busy")
    assert client.get(f"/leads/?stamp={stamp}", **HTMX).status_code == 200


def test_presence_is_set_from_the_header_and_shown(scene, as_):
    client = as_(scene.priya)
    response = client.post("/presence/", {"presence": "busy", "back": "/inbox/"}, follow=True)
    assert response.redirect_chain == [("/inbox/", 302)]
    assert "You are busy" in response.content.decode()
    scene.priya.refresh_from_db()
    assert scene.priya.presence == "busy"
    assert "new leads go to others" in client.get("/leads/").content.decode()
    client.post("/presence/", {"presence": "asleep", "back": "https://evil.example/"})
    scene.priya.refresh_from_db()
    assert scene.priya.presence == "busy"
    assert client.get("/presence/")["Location"] == "/"


def test_a_rep_without_a_team_is_told_so(db, as_):
    client = as_(world.user())
    assert client.get("/leads/").status_code == 200
    answer = client.post("/presence/", {"presence": "away"}, follow=True)
    assert "sales ops must add you to a team" in answer.content.decode()


def test_a_row_says_which_deadline_it_is(scene, as_):
    client = as_(scene.priya)
    assert "first response" in client.get("/leads/").content.decode()
    Target.objects.update(kind="accept")
    lead = scene.priyas(name="Urgent Lead")
    (row,) = [one for one in client.get("/leads/").context["page"].object_list if one.pk == lead.pk]
    assert row.due_at == row.accept_by
    page = client.get("/leads/?q=Urgent").content.decode()
    assert "to accept" in page and "first response" not in page
    Target.objects.update(kind="follow_up")
    lead = scene.priyas(name="Later Lead")
    ownership.respond(lead_id=lead.pk, by=scene.priya.user, now=scene.now)
    assert "follow-up" in client.get("/leads/?q=Later").content.decode()
