"""Each lead's events reach a subscription one after another, in the order in which they happened: only the first that
waits has an instant to be sent at.

Whoever changes which ones wait holds the subscription's row meanwhile, so that nobody lines up what another changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from leadrouting.notifications.models import Subscription

LINE_UP = """
    UPDATE notifications_hook AS hook
    SET send_at = CASE WHEN hook.id = first.id THEN coalesce(hook.send_at, %s) END
    FROM (
        SELECT DISTINCT ON (subscription_id, lead_id) subscription_id, lead_id, id FROM notifications_hook
        WHERE state = 'waiting' AND subscription_id = ANY(%s) AND lead_id {which}
        ORDER BY subscription_id, lead_id, event_id NULLS FIRST, id
    ) AS first
    WHERE hook.state = 'waiting' AND hook.subscription_id = first.subscription_id AND hook.lead_id = first.lead_id
      AND (hook.id = first.id) = (hook.send_at IS NULL)
"""


def held(subscriptions: Iterable[int]) -> Sequence[Subscription]:
    """Locked until the transaction ends, in one order for all."""
    found = Subscription.objects.filter(pk__in=subscriptions).order_by("id")
    return list(found.select_for_update(no_key=True))


def line_up(subscriptions: Sequence[int], leads: Sequence[int] | None, now: datetime) -> None:
    """For these leads, or all. The first gets its turn now, unless it has one; the others wait for it."""
    which = "IS NOT NULL" if leads is None else "= ANY(%s)"
    values: list[Any] = [now, list(subscriptions), *([] if leads is None else [list(leads)])]
    with connection.cursor() as cursor:
        cursor.execute(LINE_UP.format(which=which), values)
