"""Housekeeping."""

from django.utils import timezone

from leadrouting.api import idempotency


def forget_old_answers() -> None:
    idempotency.forget_old_answers(now=timezone.now())
