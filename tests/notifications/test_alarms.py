"""The alarm of a queue that fills up."""

from datetime import timedelta

import pytest

from leadrouting.notifications.alarms import raise_queue_alarms
from leadrouting.notifications.models import Message
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_full_queue_alarms_its_owner_once_an_hour():
    triage = world.queue("Triage", alarm_depth=2)
    world.live(world.rep(), catch_all=triage, when=[("country", "is", "AQ")])
    for _ in range(2):
        world.lead()
    assert raise_queue_alarms(world.NOON) == 0
    world.lead()
    for minutes in (0, 30, 60):
        raise_queue_alarms(world.NOON + timedelta(minutes=minutes))
    alarms = Message.objects.filter(kind="queue_alarm", recipient=triage.owner)
    assert alarms.count() == 2
    assert alarms.first().body == "3 leads wait in Triage; the alarm is set at 2."


def test_a_lead_that_waits_too_long_alarms():
    triage = world.queue("Triage", alarm_after=timedelta(minutes=10))
    world.live(world.rep(), catch_all=triage, when=[("country", "is", "AQ")])
    lead = world.lead()
    assert raise_queue_alarms(lead.created_at + timedelta(minutes=9)) == 0
    assert raise_queue_alarms(lead.created_at + timedelta(minutes=11)) == 1
