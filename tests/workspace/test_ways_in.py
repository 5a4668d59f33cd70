"""Logging in, the way home for each role, and what a role may not open."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from leadrouting.teams.models import User
from tests import world
from tests.workspace.scenes import HTMX


@pytest.mark.parametrize(
    ("role", "page"), [("rep", "/leads/"), ("manager", "/team/"), ("ops", reverse("admin:index"))]
)
def test_home_is_the_page_of_the_role(db, as_, role, page):
    assert as_(world.user(role=role)).get("/").headers["Location"] == page


def test_a_service_is_told_that_it_has_no_pages(db, as_):
    response = as_(world.user("CRM sync", role=User.Role.SERVICE)).get("/")
    assert response.status_code == 403
    assert "This log-in is for machines" in response.content.decode()


def test_visitors_log_in_and_come_back_to_where_they_were(db):
    user = world.user("Priya")
    user.set_password("secret")
    user.save()
    response = Client().get("/leads/?show=closed")
    assert response.headers["Location"] == "/login/?next=%2Fleads%2F%3Fshow%3Dclosed"
    answer = Client().post(
        "/login/", {"username": user.username, "password": "secret", "next": "/leads/?show=closed"}
    )
    assert answer.headers["Location"] == "/leads/?show=closed"


def test_a_live_page_whose_session_ended_goes_to_the_log_in_page(db):
    response = Client().get(
        "/leads/?stamp=x", **HTMX, HTTP_HX_CURRENT_URL="http://testserver/leads/?show=closed"
    )
    assert response.headers["HX-Redirect"] == "/login/?next=%2Fleads%2F%3Fshow%3Dclosed"


def test_a_wrong_password_keeps_the_user_name(db):
    page = Client().post("/login/", {"username": "priya", "password": "no"}).content.decode()
    assert 'value="priya"' in page
    assert "do not match" in page


def test_demo_log_ins_are_shown_in_the_demo_only(db):
    settings_before = settings.DEMO, settings.DEMO_LOGINS
    try:
        settings.DEMO, settings.DEMO_LOGINS = False, [("Rep, Berlin", "priya", "demo")]
        assert "Rep, Berlin" not in Client().get("/login/").content.decode()
        settings.DEMO = True
        assert 'data-username="priya"' in Client().get("/login/").content.decode()
    finally:
        settings.DEMO, settings.DEMO_LOGINS = settings_before


def test_logging_out_takes_a_post(scene, as_):
    client = as_(scene.priya)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/leads/").status_code == 302


@pytest.mark.parametrize("page", ["/team/", "/team/reports/1/"])
def test_reps_do_not_see_the_managers_pages(scene, as_, page):
    response = as_(scene.priya).get(page)
    assert response.status_code == 403
    assert "not for your role" in response.content.decode()


@pytest.mark.parametrize("page", ["/leads/", "/inbox/", "/team/"])
def test_services_have_no_pages(db, as_, page):
    assert as_(world.user(role=User.Role.SERVICE)).get(page).status_code == 403


def test_every_change_needs_the_csrf_token(scene):
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.priya.user)
    response = client.post(f"/leads/{scene.lead.pk}/accept/")
    assert response.status_code == 403
    assert "open too long" in response.content.decode()


def test_pages_are_strict_about_scripts_and_are_not_cached(scene, as_):
    response = as_(scene.priya).get("/leads/")
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    page = response.content.decode()
    assert " style=" not in page
    assert "<script>" not in page


def test_what_is_not_there_says_so_in_the_same_look(db):
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_times_are_in_the_zone_of_who_looks(scene, as_):
    User.objects.filter(pk=scene.priya.pk).update(time_zone="Asia/Kolkata")
    assert "(Asia/Kolkata)" in as_(scene.priya).get("/leads/").content.decode()
    User.objects.filter(pk=scene.priya.pk).update(time_zone="Nowhere/Land")
    assert "(UTC)" in as_(scene.priya).get("/leads/").content.decode()
