"""Accepting from a message: by a button, by the right person, as long as there is something to accept."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.notifications.quick import GOOD_FOR, accept_link


@pytest.fixture
def link(scene):
    return urlsplit(accept_link(scene.lead, scene.priya.user)).path


def status(scene):
    scene.lead.refresh_from_db()
    return scene.lead.status


def test_looking_does_nothing_and_the_button_accepts(scene, link):
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.head(link).status_code == 200
        page = client.get(link)
    assert "You accept it as Priya Raghunathan" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert client.post(link).status_code == 403
    assert status(scene) == "assigned"
    token = client.cookies["csrftoken"].value
    done = client.post(link, {"csrfmiddlewaretoken": token})
    assert "Accepted." in done.content.decode()
    assert status(scene) == "accepted"
    again = client.post(link, {"csrfmiddlewaretoken": token})
    assert again.status_code == 200 and "accepted Anna Berg already" in again.content.decode()


def test_it_shows_no_more_than_the_message_did(scene, link):
    scene.lead.email, scene.lead.phone, scene.lead.message = "anna@berg.example", "+4930123456", "Secret"
    scene.lead.save()
    page = Client().get(link).content.decode()
    assert "anna@berg.example" not in page and "+4930123456" not in page and "Secret" not in page


def test_whoever_has_it_no_more_cannot(scene, link):
    ownership.reassign(
        lead_id=scene.lead.pk, to=scene.tom, by=scene.mira, reason="Knows them", now=timezone.now()
    )
    answer = Client().post(link)
    assert answer.status_code == 409
    assert "not yours any more" in answer.content.decode() and "Anna Berg" not in answer.content.decode()
    assert status(scene) == "assigned"


def test_who_has_left_cannot(scene, link):
    scene.priya.user.is_active = False
    scene.priya.user.save()
    assert Client().post(link).status_code == 404
    assert status(scene) == "assigned"


def test_what_we_did_not_sign_and_what_is_old_is_refused(scene, link, time_machine):
    for wrong in (link[:-2] + "x/", "/a/abc/", link.replace(":", "x", 1)):
        answer = Client().post(wrong)
        assert answer.status_code == 404 and "too old, or not complete" in answer.content.decode()
    time_machine.move_to(timezone.now() + GOOD_FOR + timedelta(seconds=1))
    assert Client().post(link).status_code == 404
    assert status(scene) == "assigned"
