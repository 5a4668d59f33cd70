"""Doorbells for the outbox."""

from django.utils import timezone

from leadrouting.notifications import services


def deliver_outbox() -> None:
    while services.deliver_due(timezone.now()):
        pass


def queue_alarms() -> None:
    services.raise_queue_alarms(timezone.now())
