"""Doorbells for what has arrived. Both may ring twice."""

from django.utils import timezone

from leadrouting.intake import deliveries


def work_off(delivery: int) -> None:
    deliveries.work_off(delivery, timezone.now())


def work_off_due() -> int:
    return deliveries.work_off_due(timezone.now())
