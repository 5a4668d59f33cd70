"""By which ways a message reaches one of us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadrouting.notifications.models import Dispatch, Message


def dispatches(messages: Sequence[Message], now: datetime) -> list[Dispatch]:
    """Unsaved rows. Who has no address reads it in the app."""
    return [
        Dispatch(message=one, channel="email", address=one.recipient.email, created_at=now, send_at=now)
        for one in messages
        if one.recipient is not None and one.recipient.email
    ]
