"""Tasks over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from leadrouting.notifications.models import Task
from tests.api.conftest import arrive

pytestmark = pytest.mark.django_db

TASKS = "/api/v1/tasks/"
DUE = f"{timezone.now() + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
CALL = {"title": "Call again", "due_at": DUE}


def test_the_owner_writes_one_down_and_ticks_it_off(cast):
    lead, client = arrive(), cast.client("rep")
    for _ in range(2):
        made = client.post(TASKS, {"lead": lead.pk, **CALL}, format="json", HTTP_IDEMPOTENCY_KEY="one")
        assert made.status_code == 201
    assert Task.objects.count() == 1
    told = made.json()
    assert told["owner"]["id"] == cast.ann.pk and told["due_at"] == CALL["due_at"] and told["done_at"] is None
    done = client.post(f"{TASKS}{told['id']}/done/").json()
    assert done["done_at"] and done["done_by"]["name"] == "Ann Archer"
    assert client.get(f"{TASKS}?open=true").json()["results"] == []
    assert client.post(f"{TASKS}{told['id']}/undo/").json()["done_at"] is None
    assert len(client.get(f"{TASKS}?open=true&lead={lead.pk}&owner={cast.ann.pk}").json()["results"]) == 1


def test_who_may(cast):
    lead = arrive()
    task = cast.client("manager").post(TASKS, {"lead": lead.pk, **CALL}, format="json").json()
    seen = {"rep": 1, "manager": 1, "other": 0, "ops": 1, "service": 1}
    for who, number in seen.items():
        assert len(cast.client(who).get(TASKS).json()["results"]) == number, who
    assert cast.client("other").post(TASKS, {"lead": lead.pk, **CALL}, format="json").status_code == 404
    assert cast.client("other").post(f"{TASKS}{task['id']}/done/").status_code == 404
    assert cast.client("service").post(f"{TASKS}{task['id']}/done/").status_code == 403
    assert cast.client("ops").post(f"{TASKS}{task['id']}/done/").status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"due_at": "2020-01-01T00:00:00Z"}, 409),
        ({"due_at": "soon"}, 400),
        ({"title": ""}, 400),
        ({"tittle": "x"}, 400),
    ],
)
def test_what_is_wrong_is_said(cast, change, status):
    lead = arrive()
    assert (
        cast.client("rep").post(TASKS, {"lead": lead.pk, **CALL, **change}, format="json").status_code
        == status
    )
    assert cast.client("rep").get(f"{TASKS}?opne=true").status_code == 400
    assert not Task.objects.exists()


def test_it_is_put_off(cast):
    lead, client = arrive(), cast.client("rep")
    task = client.post(TASKS, {"lead": lead.pk, **CALL}, format="json").json()["id"]
    later = f"{timezone.now() + timedelta(days=60):%Y-%m-%dT%H:%M:%SZ}"
    put_off = client.post(f"{TASKS}{task}/put-off/", {"due_at": later}, format="json")
    assert put_off.status_code == 200 and put_off.json()["due_at"] == later
    assert client.post(f"{TASKS}{task}/put-off/", {"due_at": "2020-01-01"}, format="json").status_code == 409


def test_many_cost_the_same(cast, django_assert_max_num_queries):
    lead, client = arrive(), cast.client("rep")
    for number in range(12):
        given = {**CALL, "lead": lead.pk, "title": f"Call {number}"}
        assert client.post(TASKS, given, format="json").status_code == 201
    with django_assert_max_num_queries(3):
        assert len(client.get(TASKS).json()["results"]) == 12
