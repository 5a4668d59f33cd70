"""Acting on what was heard, once for each key of the sender. The caller holds the delivery's lock."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import singledispatch
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from leadrouting.intake.booking import book
from leadrouting.intake.complaints import said
from leadrouting.intake.heard import Booked, Bounced, Enquired, Heard, Mailed, Passed, Wrote
from leadrouting.intake.mail import mailing
from leadrouting.intake.models import Delivery, Item
from leadrouting.leads.identity import one_at_a_time
from leadrouting.leads.models import Lead
from leadrouting.leads.services import cleaned, receive_lead

Outcome = Item.Outcome
Done = tuple[str, Lead | None, str]
"""Outcome, lead, reason."""


def act_on(delivery: Delivery, everything: Iterable[Heard], now: datetime) -> list[Item]:
    """One item each, in order. What cannot be done says why, and keeps nothing else from being done."""
    everything = list(everything)
    if len(everything) > 1:
        one_at_a_time(people_of(everything, delivery))
    return [once(delivery, heard, now) for heard in everything]


def people_of(everything: Iterable[Heard], delivery: Delivery) -> list[dict[str, Any]]:
    """Who is told of, to be waited for in one go: two deliveries that tell of the same people in another order would
    otherwise each hold whom the other waits for."""
    people = []
    for heard in everything:
        if isinstance(heard, Enquired | Wrote | Booked):
            with suppress(ValidationError):  # said when it is this one's turn
                people.append(cleaned(values_of(heard, delivery), lenient=True, derives=True))
    return people


def once(delivery: Delivery, heard: Heard, now: datetime) -> Item:
    """Whoever comes second for the same key waits here, and then finds it done."""
    first = {"delivery": delivery, "outcome": Outcome.FAILED, "at": now, "reason": "It was never tried."}
    item, is_new = Item.objects.select_for_update().get_or_create(
        scope=delivery.scope, key=heard.key.replace("\0", "")[:200], defaults=first
    )
    if is_new or item.outcome == Outcome.FAILED:
        item.outcome, item.lead, item.reason = tried(delivery, heard, now)
        item.delivery, item.at = delivery, now
        item.save()
    return item


def tried(delivery: Delivery, heard: Heard, now: datetime) -> Done:
    try:
        with transaction.atomic():
            return act(heard, delivery, now)
    except ValidationError as error:
        return Outcome.FAILED, None, said(error)


@singledispatch
def act(heard: Any, delivery: Delivery, now: datetime) -> Done:
    raise NotImplementedError(type(heard))


@act.register
def _(heard: Passed, delivery: Delivery, now: datetime) -> Done:
    return Outcome.PASSED, None, heard.reason


@act.register
def _(heard: Mailed, delivery: Delivery, now: datetime) -> Done:
    return mailing.mailed(heard, delivery.mailbox, values_of(heard, delivery), now)


@act.register
def _(heard: Bounced, delivery: Delivery, now: datetime) -> Done:
    return mailing.bounced(heard)


def values_of(heard: Enquired | Wrote | Mailed | Booked, delivery: Delivery) -> dict[str, Any]:
    campaign = delivery.campaign or (delivery.connection.campaign if delivery.connection else None)
    return {**({"campaign": campaign.key} if campaign else {}), **heard.values}


@act.register
def _(heard: Booked, delivery: Delivery, now: datetime) -> Done:
    return book(heard, delivery.scope, values_of(heard, delivery), now)


@act.register(Enquired)
@act.register(Wrote)
def _(heard: Enquired | Wrote, delivery: Delivery, now: datetime) -> Done:
    values = values_of(heard, delivery)
    received = receive_lead(now=now, reply=isinstance(heard, Wrote), lenient=True, **values)
    return Outcome.CREATED if received.created else Outcome.JOINED, received.lead, ""
