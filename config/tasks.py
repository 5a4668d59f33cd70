"""Housekeeping."""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Failure, Success

KEEP_SUCCESSES = timedelta(days=2)
KEEP_FAILURES = timedelta(days=30)


def purge_finished_tasks() -> None:
    """Forget what background tasks left behind. `save_limit` would do it with every single task."""
    now = timezone.now()
    Success.objects.filter(stopped__lt=now - KEEP_SUCCESSES).delete()
    Failure.objects.filter(stopped__lt=now - KEEP_FAILURES).delete()
