"""Queues: lengths of time are written as people write them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.teams.models import Queue
from tests import world

pytestmark = pytest.mark.django_db


def test_how_long_leads_may_wait_is_written_in_words(as_ops: Client) -> None:
    queue = world.queue("Triage", window=timedelta(minutes=90))
    page = reverse("admin:teams_queue_change", args=[queue.pk])
    form = as_ops.get(page).context["adminform"].form
    assert "1 h 30 min" in str(form["window"])
    data = {
        "name": "Triage",
        "owner": queue.owner_id,
        "alarm_depth": 10,
        "alarm_after": "45 min",
        "window": "2 h",
    }
    assert as_ops.post(page, data).status_code == 302
    saved = Queue.objects.get(pk=queue.pk)
    assert (saved.alarm_after, saved.window) == (timedelta(minutes=45), timedelta(hours=2))
    answer = as_ops.post(page, data | {"window": "soon"})
    assert "“soon” is no length of time" in answer.content.decode()
