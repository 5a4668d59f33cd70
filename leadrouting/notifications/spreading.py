"""From what happened, and what is said, to what leaves: within a second, in the order in which it happened."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from leadrouting.notifications.models import Dispatch, Event, Message
from leadrouting.notifications.people import dispatches, untold
from leadrouting.notifications.quiet import held
from leadrouting.notifications.signals import spread

logger = logging.getLogger(__name__)

DUE = """
    SELECT least((SELECT min(created_at) FROM notifications_message WHERE spread_at IS NULL),
                 (SELECT min(at) FROM notifications_event WHERE spread_at IS NULL))
"""
LIMIT = 200


@transaction.atomic
def spread_due(now: datetime, limit: int = LIMIT) -> int:
    """Returns how many there were. One worker at a time, so that the order of a lead's events is kept."""
    if not is_alone():
        return 0
    events = list(Event.objects.filter(spread_at=None).select_related("lead").order_by("id")[:limit])
    messages = list(
        Message.objects.filter(spread_at=None).select_related("recipient", "lead").order_by("id")[:limit]
    )
    if events:
        hand_on(events, now)
    if messages:
        tell(messages, now)
    return len(events) + len(messages)


def tell(messages: Sequence[Message], now: datetime) -> None:
    """By every channel that the recipient wants, or later, when it is quiet there; what stays in the app goes nowhere."""
    silent = untold(messages)
    told = [one for one in messages if one.pk not in silent]
    later = held(told, now)
    for one in told:
        one.held_until = later.get(one.pk)
    Dispatch.objects.bulk_create(
        dispatches([one for one in told if one.held_until is None], now), ignore_conflicts=True
    )
    Message.objects.filter(pk__in=[one.pk for one in messages]).update(spread_at=now)
    Message.objects.bulk_update([one for one in told if one.held_until], ["held_until"])


def is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('outbox', 0))")
        (got,) = cursor.fetchone()
    return bool(got)


def hand_on(events: Sequence[Event], now: datetime) -> None:
    """All at once; if that fails, one by one, so that the bad one holds nobody up."""
    try:
        with transaction.atomic():
            spread.send(Event, events=events, now=now)
            Event.objects.filter(pk__in=[one.pk for one in events]).update(spread_at=now, error="")
    except Exception as error:
        if len(events) > 1:
            for one in events:
                hand_on([one], now)
            return
        logger.exception("An event could not be handed on", extra={"event_id": events[0].pk})
        said = f"{type(error).__name__}: {error}"[:300]
        Event.objects.filter(pk=events[0].pk).update(spread_at=now, error=said)
