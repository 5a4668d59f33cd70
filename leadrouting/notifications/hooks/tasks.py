"""Doorbell for webhooks."""

from datetime import timedelta

from django.utils import timezone

from leadrouting.notifications.hooks import purging, sending


def send_hooks() -> None:
    sending.send_due(timezone.now())


def purge_hooks(days: int = 30) -> None:
    purging.purge(timezone.now() - timedelta(days=days))
