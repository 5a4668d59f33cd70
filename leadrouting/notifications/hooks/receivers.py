"""Other systems hear of what happened, a moment later."""

from typing import Any

from django.dispatch import receiver

from leadrouting.notifications.hooks import writing
from leadrouting.notifications.signals import spread


@receiver(spread, dispatch_uid="notifications.hooks")
def tell_other_systems(events: Any, now: Any, **signal: Any) -> None:
    writing.write(events, now)
