"""From events to what is sent: in the transaction in which they are handed on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from leadrouting.notifications.hooks.order import held, line_up
from leadrouting.notifications.hooks.payload import bodies, key_of
from leadrouting.notifications.models import Event, Hook, Subscription

A_DAY = timedelta(days=1)
"""How long it is tried."""


def wants(subscription: Subscription, event: Event) -> bool:
    return event.kind in subscription.events and subscription.campaign_id in (None, event.lead.campaign_id)


def write(events: Sequence[Event], now: datetime) -> int:
    """One row for each subscription that wants to hear of it. Returns how many."""
    active = Subscription.objects.filter(is_active=True)
    heard = [one.pk for one in active if any(wants(one, event) for event in events)]
    if not heard:
        return 0
    subscriptions = [one for one in held(heard) if one.is_active]
    told = [(one, event) for event in events for one in subscriptions if wants(one, event)]
    texts = bodies({event.pk: event for _, event in told}.values())
    hooks = [written(one, event, texts[event.pk], now) for one, event in told if event.pk in texts]
    Hook.objects.bulk_create(hooks, ignore_conflicts=True)
    line_up(heard, list({event.lead_id for _, event in told}), now)
    return len(hooks)


def written(subscription: Subscription, event: Event, body: str, now: datetime) -> Hook:
    return Hook(
        subscription=subscription,
        event=event,
        lead_id=event.lead_id,
        kind=event.kind,
        key=key_of(event),
        body=body,
        created_at=now,
        until=now + A_DAY,
    )
