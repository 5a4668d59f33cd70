"""Every error is a problem document (RFC 9457)."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from leadrouting.api import limits
from leadrouting.api.views import leads as views
from tests import world
from tests.api.conftest import LEADS

pytestmark = pytest.mark.django_db


def problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "about:blank" and body["status"] == status and body["title"] and body["detail"]
    return body


def test_nobody_is_logged_in():
    answer = APIClient().get(LEADS)
    assert problem(answer, 401)["code"] == "not_authenticated" and answer["WWW-Authenticate"] == "Token"
    problem(APIClient(HTTP_AUTHORIZATION="Token nonsense").get(LEADS), 401)


def test_a_session_needs_its_csrf_token():
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.user(role="ops"))

    assert client.get(LEADS).status_code == 200
    assert "CSRF" in problem(client.post(LEADS, {"name": "Max"}), 403)["detail"]


def test_someone_who_left_cannot_call(cast):
    client = cast.client("ops")
    type(cast.users.ops).objects.filter(pk=cast.users.ops.pk).update(is_active=False)
    problem(client.get(LEADS), 401)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/leads/999999/", 404),
        ("get", f"/api/v1/leads/{10**30}/", 404),
        ("get", "/api/v1/leads/abc/", 404),
        ("get", "/api/v1/leads/a%0Ab/", 404),
        ("get", "/api/v1/leads", 404),
        ("post", "/api/v1/", 404),
        ("delete", "/api/v1/nothing/here", 404),
        ("delete", LEADS, 405),
        ("put", "/api/v1/leads/1/", 405),
        ("get", "/api/v1/routing/preview/", 405),
        ("post", "/api/v1/schema/", 405),
        ("post", "/api/v1/docs/", 405),
        ("post", "/healthz", 405),
    ],
)
def test_paths_and_methods(cast, method, path, status):
    problem(getattr(cast.client("ops"), method)(path), status)


def test_a_forgotten_slash_is_named(cast):
    assert "Paths end with a slash" in problem(cast.client("ops").post("/api/v1/leads", {}), 404)["detail"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"name": ', "JSON parse error"),
        (b'{"name": NaN}', "JSON parse error"),
        (b"\xff\xfe", "JSON parse error"),
        (b'{"deal_size": ' + b"9" * 5000 + b"}", "A number in the JSON has too many digits."),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_body_that_is_no_json(cast, body, says):
    answer = cast.client("ops").post(LEADS, body, content_type="application/json")
    assert says in problem(answer, 400)["detail"]


def test_a_body_that_is_too_large(cast, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem(cast.client("ops").post(LEADS, {"name": "x" * 200}), 413)


def test_other_media_types(cast):
    client = cast.client("ops")
    problem(client.post(LEADS, "name=Max", content_type="application/x-www-form-urlencoded"), 415)
    problem(client.get(LEADS, HTTP_ACCEPT="text/csv"), 406)


def test_too_many_calls(cast, monkeypatch):
    rates = {**api_settings.DEFAULT_THROTTLE_RATES, "write": "2/min"}
    monkeypatch.setattr(limits.Throttle, "THROTTLE_RATES", rates)
    client = cast.client("ops")
    answers = [client.post(LEADS, {}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [400, 400, 429]
    problem(answers[2], 429)
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert client.get(LEADS).status_code == 200, "reading has a limit of its own"
    assert cast.client("service").post(LEADS, {}).status_code == 400, "each user has a limit"


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("secret"), 500), (OperationalError("secret"), 503)]
)
def test_failures_of_ours_tell_nothing_and_are_logged(cast, monkeypatch, caplog, error, status):
    def fail(**values):
        raise error

    monkeypatch.setattr(views, "receive_lead", fail)
    answer = cast.client("ops").post(LEADS, {"name": "Max"})

    problem(answer, status)
    assert b"secret" not in answer.content and "secret" in caplog.text


def test_a_failure_is_seen_by_djangos_own_reporting(cast, monkeypatch):
    monkeypatch.setattr(views, "leads_for", lambda user: 1 / 0)
    client = Client()
    client.force_login(cast.users.ops)
    with pytest.raises(ZeroDivisionError):
        client.get(LEADS)
