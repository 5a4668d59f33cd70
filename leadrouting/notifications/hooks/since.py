"""Everything since an instant, once more: what did not arrive, what happened while the subscription was off or before it
was made, and, when that is wanted, what did arrive. Each lead's in order; what waits already stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from leadrouting.notifications.hooks.again import send_again
from leadrouting.notifications.hooks.order import held, line_up
from leadrouting.notifications.hooks.payload import bodies
from leadrouting.notifications.hooks.writing import written
from leadrouting.notifications.models import Event, Hook, Subscription

MOST = 10_000
"""In one go."""
CHUNK = 200
"""In one transaction: whoever hands events on waits for it."""


class CannotSend(Exception):
    """Nothing is sent again. The text is meant for people."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`since` is included, `until` is not (both UTC). `delivered`: what arrived as well."""

    subscription: Subscription
    since: datetime
    until: datetime | None = None
    delivered: bool = False


def events_of(wanted: Wanted) -> QuerySet[Event]:
    """Of what it hears of now, oldest first."""
    one = wanted.subscription
    events = Event.objects.filter(kind__in=one.events, at__gte=wanted.since, spread_at__isnull=False)
    if wanted.until is not None:
        events = events.filter(at__lt=wanted.until)
    if one.campaign_id is not None:
        events = events.filter(lead__campaign=one.campaign_id)
    left: list[Any] = [Hook.State.WAITING, *([] if wanted.delivered else [Hook.State.DELIVERED])]
    stays = Hook.objects.filter(subscription=one, event=OuterRef("pk"), state__in=left)
    return events.exclude(Exists(stays)).order_by("id")


def number_since(wanted: Wanted) -> int:
    """How many would be sent. Raises CannotSend."""
    if not wanted.subscription.is_active:
        raise CannotSend("The subscription is switched off. Switch it on first.")
    number = events_of(wanted)[: MOST + 1].count()
    if number > MOST:
        raise CannotSend(f"These are more than {MOST:,} events. Choose a later start or an earlier end.")
    return number


def send_since(wanted: Wanted, now: datetime) -> int:
    """Returns how many will be sent. Raises CannotSend. Not inside a transaction: it makes one for each CHUNK."""
    number_since(wanted)
    keys = list(events_of(wanted).values_list("pk", flat=True))
    return sum(
        send_some(wanted.subscription.pk, keys[place : place + CHUNK], now)
        for place in range(0, len(keys), CHUNK)
    )


@transaction.atomic
def send_some(subscription: int, keys: Sequence[int], now: datetime) -> int:
    found = [one for one in held([subscription]) if one.is_active]
    if not found:
        return 0
    sent = send_again(Hook.objects.filter(subscription=subscription, event__in=keys), now)
    known = Hook.objects.filter(subscription=subscription, event=OuterRef("pk"))
    missed = list(Event.objects.filter(~Exists(known), pk__in=keys).select_related("lead").order_by("id"))
    texts = bodies(missed)
    hooks = [written(found[0], one, texts[one.pk], now) for one in missed if one.pk in texts]
    Hook.objects.bulk_create(hooks, ignore_conflicts=True)
    line_up([subscription], list({one.lead_id for one in missed}), now)
    return sent + len(hooks)
