"""One order for whoever empties a queue, read from one index; and since when a lead lies there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.services import route_due
from leadrouting.leads.models import Lead
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def test_urgent_first_then_oldest():
    world.live(triage := world.queue())
    now = timezone.now()
    leads = {
        name: world.lead(name=name, priority=priority, created_at=now - timedelta(minutes=age))
        for name, priority, age in [
            ("low", "low", 90),
            ("young", "normal", 1),
            ("old", "normal", 50),
            ("high", "high", 2),
            ("urgent", "urgent", 0),
        ]
    }
    assert len(leads) == 5
    line = Lead.objects.filter(queue=triage, status="queued").in_turn()
    assert [one.name for one in line] == ["urgent", "high", "old", "young", "low"]


def test_the_first_in_turn_comes_from_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
    try:
        plan = Lead.objects.filter(queue=1, status="queued").in_turn()[:1].explain()
        assert "lead_in_turn" in plan and "Sort" not in plan, plan
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_seqscan; RESET enable_sort")


def test_since_when_a_lead_lies_in_its_queue():
    ann = world.rep()
    world.live(ann, catch_all=(triage := world.queue()))
    lead = world.lead()
    lead.refresh_from_db()
    assert lead.owner == ann and lead.queued_at is None

    now = timezone.now()
    ownership.decline(lead_id=lead.pk, by=ann.user, reason="No", now=now)
    lead.refresh_from_db()
    assert lead.queue == triage and lead.queued_at == now

    route_due(now + timedelta(hours=1))
    lead.refresh_from_db()
    assert lead.queue == triage and lead.queued_at == now, "tried again, and still in the same queue"
