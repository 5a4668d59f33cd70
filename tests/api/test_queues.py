"""Taking the next lead of a queue over the API."""

from __future__ import annotations

import pytest

from leadrouting.leads.models import Lead
from tests import world
from tests.api.conftest import arrive

pytestmark = pytest.mark.django_db

QUEUES = "/api/v1/queues/"


@pytest.fixture
def triage(cast):
    queue = world.queue()
    queue.teams.add(cast.ann.team)
    world.live(queue)
    return queue


def test_what_waits_and_taking_it(cast, triage):
    arrive(name="Usual")
    arrive(name="Urgent", priority="urgent")
    client = cast.client("rep")
    (line,) = client.get(QUEUES).json()
    assert (line["id"], line["name"], line["waiting"]) == (triage.pk, "Triage", 2) and line["oldest_at"]

    answer = client.post(f"{QUEUES}{triage.pk}/take-next/")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["owner"]["name"] == "Ann Archer" and body["status"] == "assigned"
    assert body["reason"] == "Ann Archer took it from queue “Triage”: it was the next in turn."
    assert Lead.objects.get(pk=body["id"]).name == "Urgent"


def test_a_repeat_takes_no_second_lead(cast, triage):
    arrive()
    arrive()
    client = cast.client("rep")
    first, again = (
        client.post(f"{QUEUES}{triage.pk}/take-next/", headers={"Idempotency-Key": "one"}) for _ in range(2)
    )
    assert first.json() == again.json() and again["Idempotent-Replay"] == "true"
    assert Lead.objects.filter(owner=cast.ann).count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("other", 403), ("ops", 403), ("service", 403), ("rep", 409)]
)
def test_who_may_and_an_empty_queue(cast, triage, who, status):
    answer = cast.client(who).post(f"{QUEUES}{triage.pk}/take-next/")
    assert answer.status_code == status and answer.json()["detail"].endswith(".")
    assert len(cast.client(who).get(QUEUES).json()) == (who == "rep")
