"""What was sent long ago is let go."""

from datetime import datetime

from leadrouting.notifications.models import Hook


def purge(before: datetime) -> int:
    """Whatever was written by then; nothing waits for so long. Returns how many."""
    number, _ = Hook.objects.filter(created_at__lt=before).delete()
    return number
