"""The button that takes the next lead of a queue."""

from __future__ import annotations

import pytest

from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(scene):
    """Two leads wait in a queue that is open to Priya's team."""
    scene.queue.teams.add(scene.team)
    world.live(scene.queue)
    return [scene.routed(name="Usual"), scene.routed(name="Urgent", priority="urgent")]


def test_the_board_says_what_waits(scene, as_, waiting):
    page = as_(scene.priya).get("/leads/").content.decode()
    assert "2 waiting" in page and "Take the next lead" in page
    assert "Take the next lead" not in as_(scene.mira).get("/leads/").content.decode()


def test_a_click_and_a_second_one(scene, as_, waiting):
    client = as_(scene.priya)
    for _ in range(2):
        answer = client.post(f"/queues/{scene.queue.pk}/take/", {"after": "0"})
        assert answer.url == f"/leads/{waiting[1].pk}/"
    assert Lead.objects.filter(queue=scene.queue).count() == 1
    page = client.get(answer.url).content.decode()
    assert "Urgent is yours." in page and "took it from queue “Triage EMEA”" in page


def test_a_refusal_is_said_on_the_board(scene, as_, waiting):
    Rep.objects.filter(pk=scene.priya.pk).update(presence="away")
    answer = as_(scene.priya).post(f"/queues/{scene.queue.pk}/take/", {"after": "x"}, follow=True)
    assert "You are set to away." in answer.content.decode()


def test_an_empty_queue_says_so(scene, as_):
    scene.queue.teams.add(scene.team)
    page = as_(scene.priya).get("/leads/").content.decode()
    assert "nothing waits for you" in page and "Take the next lead" not in page


def test_the_page_hears_of_what_comes(scene, as_, waiting):
    client = as_(scene.priya)
    stamp = client.get("/leads/").context["stamp"]
    scene.routed()
    assert client.get("/leads/").context["stamp"] != stamp


def test_a_visit_leads_to_the_board(scene, as_):
    assert as_(scene.priya).get(f"/queues/{scene.queue.pk}/take/").url == "/leads/"
