"""The doorbell of Monday morning."""

from datetime import datetime

from django.utils import timezone

from leadrouting.analytics.reports import make_reports


def weekly_reports(*, slot: str) -> int:
    """`slot` is the instant (ISO 8601) that the run was meant for: its week says which week is reported on."""
    return make_reports(slot=datetime.fromisoformat(slot), now=timezone.now())
