"""/healthz and /readyz, and the pages that describe the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from leadrouting.api.views import probes
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock
from tests.api.conftest import arrive

pytestmark = pytest.mark.django_db


def test_healthz_needs_nobody_and_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/healthz").json() == {"status": "ok"}


def test_ready():
    answer = Client().get("/readyz")
    assert answer.status_code == 200 and answer.json() == {
        "database": True,
        "migrations": True,
        "oldest_overdue_clock": 0,
        "oldest_overdue_routing": 0,
    }


@pytest.mark.parametrize(("late", "status"), [(30, 200), (90, 503)])
def test_an_overdue_clock(cast, late, status):
    arrive()
    now = timezone.now()
    Clock.objects.update(
        started_at=now - timedelta(hours=1),
        due_at=now - timedelta(seconds=late),
        wake_at=now - timedelta(seconds=late),
    )
    answer = Client().get("/readyz")

    assert answer.status_code == status and late <= answer.json()["oldest_overdue_clock"] < late + 5
    if status == 503:
        assert answer["Content-Type"] == "application/problem+json" and "clocks" in answer.json()["detail"]


def test_overdue_routing(db):
    arrive()
    Lead.objects.update(route_at=timezone.now() - timedelta(seconds=90))
    assert "routed" in Client().get("/readyz").json()["detail"]


def test_missing_migrations(db, monkeypatch):
    monkeypatch.setattr(probes, "is_migrated", lambda: False)
    answer = Client().get("/readyz")
    assert answer.status_code == 503 and "manage.py migrate" in answer.json()["detail"]


def test_no_database(db, monkeypatch):
    def fail(now):
        raise OperationalError

    monkeypatch.setattr(probes, "readiness", fail)
    answer = Client().get("/readyz")
    assert answer.status_code == 503 and answer.json()["database"] is False


def test_the_docs_live_with_the_strict_policy():
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200 and "unsafe" not in page["Content-Security-Policy"]
    assert b"<style" not in page.content and b"<script>" not in page.content
    script = Client().get("/api/v1/docs/?script=")
    assert (
        script["Content-Type"].startswith("application/javascript") and b"/api/v1/schema/" in script.content
    )
