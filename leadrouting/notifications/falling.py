"""When the other side says that a prospect will never be reached by one way, the next way is taken."""

from __future__ import annotations

from datetime import datetime

from leadrouting.notifications.models import Dispatch, Message
from leadrouting.notifications.unwanted import opted_out


def next_way(message_id: int, now: datetime) -> None:
    """Assumes the transaction that says that the way before has failed. The message says from now on what it says there."""
    message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
    left = list(message.other_ways.get("left", ()))
    if not left:
        return
    unwanted = opted_out(address for _, address in left)
    while left:
        channel, address = left.pop(0)
        if address not in unwanted:
            texts = message.other_ways.get("texts", {})
            message.subject, message.body = texts.get(channel, (message.subject, message.body))
            Dispatch.objects.create(
                message=message, channel=channel, address=address, created_at=now, send_at=now
            )
            break
    message.other_ways = {**message.other_ways, "left": left}
    message.save(update_fields=["subject", "body", "other_ways"])
