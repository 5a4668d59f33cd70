"""Doorbells for the outbox."""

from django.utils import timezone

from leadrouting.notifications import services


def deliver_outbox() -> None:
    while services.deliver_due(timezone.now()):
        pass


def queue_alarms() -> None:
    now = timezone.now()
    services.raise_queue_alarms(now)
    services.raise_no_rules(now)
