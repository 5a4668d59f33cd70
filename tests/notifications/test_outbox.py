"""Recorded with what causes them, delivered at least once, and said again only when it must be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from leadrouting.notifications.models import Message
from leadrouting.notifications.services import LEASE, deliver_due, raise_queue_alarms
from leadrouting.sla.making import make
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lead():
    make("An hour", {"respond": timedelta(hours=1)})
    world.live(world.pool(world.rep("Ann")), name="Everything")
    return world.lead(name="Jane Doe")


def test_the_owner_is_told_with_rule_deadline_and_link(lead):
    assert deliver_due(timezone.now()) == 1
    (sent,) = mail.outbox
    assert sent.subject == "New lead: Jane Doe"
    assert "by the rule “Everything”" in sent.body
    assert "Answer by" in sent.body
    assert f"/leads/{lead.pk}/" in sent.body
    assert deliver_due(timezone.now()) == 0


def test_a_failure_is_kept_and_tried_again_later(lead, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    now = timezone.now()
    deliver_due(now)
    message = Message.objects.get()
    assert message.sent_at is None
    assert message.attempts == 1
    assert "Refused" in message.last_error
    assert message.send_at == now + timedelta(seconds=15)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver_due(message.send_at)
    message.refresh_from_db()
    assert message.sent_at is not None
    assert message.last_error == ""


def test_two_workers_send_it_once(lead):
    now = timezone.now()

    def work(_: int) -> int:
        try:
            return deliver_due(now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(work, range(4))) == 1


def test_what_a_dead_worker_took_is_sent_by_the_next(lead):
    now = timezone.now()
    Message.objects.update(send_at=now + LEASE)  # taken, and then the worker died
    assert deliver_due(now) == 0
    assert deliver_due(now + LEASE) == 1


def test_who_has_no_address_reads_it_in_the_app(lead):
    lead.refresh_from_db()
    lead.owner.user.email = ""
    lead.owner.user.save()
    deliver_due(timezone.now())
    assert mail.outbox == []
    assert Message.objects.get().sent_at is not None


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
