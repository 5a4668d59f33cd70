"""What was handed on long ago is let go."""

from datetime import datetime

from leadrouting.notifications.models import Event


def purge_events(before: datetime) -> int:
    """Events that were handed on by then. Returns how many."""
    number, _ = Event.objects.filter(spread_at__isnull=False, at__lt=before).delete()
    return number
