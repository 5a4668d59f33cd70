"""Doorbells for the outbox."""

from datetime import timedelta

from django.utils import timezone

from leadrouting.notifications import alarms, digests, purging, sending, spreading
from leadrouting.notifications.sequences import stepping
from leadrouting.notifications.todo import reminding


def spread_outbox() -> None:
    sending.until_none(lambda: spreading.spread_due(timezone.now()))


def release_held() -> None:
    sending.until_none(lambda: digests.release_due(timezone.now()))


def take_steps() -> None:
    sending.until_none(lambda: stepping.step_due(timezone.now()))


def send_email() -> None:
    sending.send_due("email", timezone.now(), timezone.now)


def send_whatsapp() -> None:
    sending.send_due("whatsapp", timezone.now(), timezone.now)


def send_sms() -> None:
    sending.send_due("sms", timezone.now(), timezone.now)


def send_push() -> None:
    sending.send_due("push", timezone.now(), timezone.now)


def send_chat() -> None:
    sending.send_due("chat", timezone.now(), timezone.now)


def remind_of_tasks() -> None:
    sending.until_none(lambda: reminding.remind_due(timezone.now()))


def queue_alarms() -> None:
    now = timezone.now()
    alarms.raise_queue_alarms(now)
    alarms.raise_no_rules(now)


def purge_events(days: int = 30) -> None:
    purging.purge_events(timezone.now() - timedelta(days=days))
