"""A delivery is stored, acknowledged, and worked off: understood and acted on, once.

1. `store` keeps it as it came and rings for a worker, in one transaction. 2. `work_off` claims it, fetches what it only
names (outside any transaction), and acts on it in one. Whoever dies in between leaves a delivery that `work_off_due`
takes on again; what was done already is known by the sender's keys.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django_q.tasks import async_task

from leadrouting.intake.fetching import NotFetched, fetch
from leadrouting.intake.heard import Asks, Heard, Raw, Unreadable
from leadrouting.intake.hearing import act_on
from leadrouting.intake.models import Connection, Delivery, Form, Item, Kind, Mailbox
from leadrouting.intake.readers import READERS

logger = logging.getLogger(__name__)

State = Delivery.State
LEASE = timedelta(minutes=2)
"""Far more than working one off takes: after it whoever claimed it is dead."""
PAUSES = [
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
]
"""Between attempts when something else than the delivery itself is at fault; then a person looks."""
KEPT = timedelta(days=90)
KEPT_HEADERS = (
    "user-agent",
    "content-type",
    "x-hub-signature-256",
    "typeform-signature",
    "calendly-webhook-signature",
)


@transaction.atomic
def store(
    raw: Raw,
    *,
    kind: str,
    now: datetime,
    connection: Connection | None = None,
    mailbox: Mailbox | None = None,
    campaign: int | None = None,
    known: Mapping[str, Any] | None = None,
    rings: bool = True,
) -> Delivery:
    """Keep it, whatever it is, with what is known beside its body. `rings`: a worker takes it on at once; off where
    the caller works it off."""
    delivery = Delivery.objects.create(
        kind=kind,
        connection=connection,
        mailbox=mailbox,
        campaign_id=campaign,
        received_at=now,
        content_type=raw.content_type[:120],
        headers={name: raw.headers[name][:500] for name in KEPT_HEADERS if name in raw.headers},
        body=raw.body,
        fetched=known or {},
        work_at=now,
    )
    if not rings:
        return delivery
    transaction.on_commit(lambda: async_task("leadrouting.intake.tasks.work_off", delivery.pk), robust=True)
    return delivery


def work_off_due(now: datetime, limit: int = 200) -> int:
    """Those that nobody has worked off in time, oldest first. Returns how many."""
    due = Delivery.objects.filter(state=State.RECEIVED, work_at__lte=now).order_by("work_at", "id")
    waiting = list(due.values_list("pk", flat=True)[:limit])
    for pk in waiting:
        work_off(pk, now)
    return len(waiting)


def work_off(pk: int, now: datetime) -> Delivery | None:
    """None when there is nothing to do, or somebody else is at it."""
    delivery = claimed(pk, now)
    if delivery is None:
        return None
    try:
        everything = heard(delivery)
        with transaction.atomic():
            Delivery.objects.select_for_update().get(pk=pk)
            items = act_on(delivery, everything, now)
            finish(delivery, items, now)
    except Unreadable as error:
        fail(delivery, str(error), now)
    except NotFetched as error:
        put_off(delivery, str(error), now)
    except Exception:
        logger.exception("A delivery could not be worked off", extra={"delivery": pk})
        put_off(delivery, "Something went wrong on our side; the log says what.", now)
    return delivery


def claimed(pk: int, now: datetime) -> Delivery | None:
    taken = Delivery.objects.filter(pk=pk, state=State.RECEIVED, work_at__lte=now).update(
        work_at=now + LEASE, attempts=F("attempts") + 1
    )
    return (
        Delivery.objects.select_related("connection__campaign", "mailbox", "campaign").get(pk=pk)
        if taken
        else None
    )


def heard(delivery: Delivery) -> list[Heard]:
    """What it says; what it only names is fetched first. Raises Unreadable, NotFetched."""
    everything = understood(delivery)
    asked = [one for one in everything if isinstance(one, Asks)]
    if not asked:
        return everything
    if delivery.connection is None:
        raise Unreadable("It names something to be fetched, and there is no connection to fetch it with.")
    delivery.fetched = {**delivery.fetched, **fetch(delivery.connection, asked)}
    delivery.save(update_fields=["fetched"])
    return [one for one in understood(delivery) if not isinstance(one, Asks)]


def understood(delivery: Delivery) -> list[Heard]:
    body = delivery.mended.encode() if delivery.mended else bytes(delivery.body)
    mapping = mapping_of(delivery)
    raw = Raw(body, delivery.content_type, delivery.headers)
    try:
        return READERS[delivery.kind].read(raw, mapping, delivery.fetched)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        logger.exception("A reader stumbled", extra={"delivery": delivery.pk})
        raise Unreadable(
            f"This is not what {delivery.get_kind_display()} sends, as far as we know."
        ) from None


def mapping_of(delivery: Delivery) -> Mapping[str, str]:
    """Their questions -> our fields, as sales ops have set them for where it came from."""
    if delivery.connection is not None:
        return dict(delivery.connection.mapping)
    form = Form.objects.filter(campaign=delivery.campaign_id).first() if delivery.kind == Kind.FORM else None
    return dict(form.mapping) if form else {}


def finish(delivery: Delivery, items: list[Item], now: datetime) -> None:
    if bad := [item for item in items if item.outcome == Item.Outcome.FAILED]:
        fail(delivery, "\n".join(item.reason for item in bad), now)
        return
    delivery.state, delivery.reason, delivery.work_at, delivery.done_at = State.DONE, "", None, now
    delivery.save(update_fields=["state", "reason", "work_at", "done_at"])


def fail(delivery: Delivery, reason: str, now: datetime) -> None:
    """Until a person has looked."""
    delivery.state, delivery.reason, delivery.work_at, delivery.done_at = State.FAILED, reason, None, now
    delivery.save(update_fields=["state", "reason", "work_at", "done_at"])


def put_off(delivery: Delivery, reason: str, now: datetime) -> None:
    if delivery.attempts > len(PAUSES):
        fail(delivery, reason, now)
        return
    delivery.reason, delivery.work_at = reason, now + PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["reason", "work_at"])


@transaction.atomic
def run_again(pk: int, now: datetime, mended: str | None = None) -> Delivery:
    """From the beginning, with the body that somebody has mended, if so; what was done stays done."""
    delivery = Delivery.objects.select_for_update().get(pk=pk)
    if mended is not None:
        delivery.mended = "" if mended.encode() == bytes(delivery.body) else mended
    delivery.state, delivery.work_at, delivery.attempts, delivery.done_at = State.RECEIVED, now, 0, None
    delivery.save(update_fields=["mended", "state", "work_at", "attempts", "done_at"])
    transaction.on_commit(lambda: async_task("leadrouting.intake.tasks.work_off", pk), robust=True)
    return delivery


def dismiss(delivery: Delivery, reason: str, now: datetime) -> None:
    """It is kept, and nobody has to look at it."""
    delivery.state, delivery.reason, delivery.work_at, delivery.done_at = State.DISMISSED, reason, None, now
    delivery.save(update_fields=["state", "reason", "work_at", "done_at"])


def forget(now: datetime) -> int:
    """What is done, or was set aside, goes after a while: people's data are not kept for nothing. Returns how many."""
    old = Delivery.objects.filter(state__in=[State.DONE, State.DISMISSED], done_at__lt=now - KEPT)
    return old.delete()[1].get("intake.Delivery", 0)


def dismiss_earlier(delivery: Delivery, key: str, now: datetime) -> int:
    """Earlier tries of what has now arrived need nobody's look."""
    tries = Delivery.objects.filter(
        kind=delivery.kind, campaign=delivery.campaign_id, state=State.FAILED, fetched__key=key
    )
    return tries.exclude(pk=delivery.pk).update(
        state=State.DISMISSED, reason=f"It was put right and sent again: delivery {delivery.pk}.", done_at=now
    )
