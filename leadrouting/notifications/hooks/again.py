"""Sending once more what was sent, gave up or was skipped; and a test that tells nothing."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from django.db import transaction
from django.db.models import QuerySet

from leadrouting.common.outside import Guard
from leadrouting.notifications.hooks.attempting import Outcome, attempt
from leadrouting.notifications.hooks.order import held, line_up
from leadrouting.notifications.hooks.payload import body
from leadrouting.notifications.hooks.recording import record
from leadrouting.notifications.hooks.signing import new_secret
from leadrouting.notifications.hooks.writing import A_DAY
from leadrouting.notifications.models import Hook, Subscription

TEST = "test"
State = Hook.State


@transaction.atomic
def send_again(hooks: QuerySet[Hook], now: datetime) -> int:
    """With the same webhook-id and the same body, each lead's in order. What belongs to a subscription that is switched
    off stays. Returns how many will be sent."""
    wanted = set(hooks.exclude(lead=None).values_list("subscription_id", flat=True))
    active = [one.pk for one in held(wanted) if one.is_active]
    chosen = Hook.objects.filter(pk__in=hooks.values("pk"), subscription__in=active).exclude(lead=None)
    number = chosen.update(
        state=State.WAITING, send_at=None, until=now + A_DAY, attempts=0, delivered_at=None, error=""
    )
    line_up(active, None, now)
    return number


def send_test(subscription: Subscription, now: datetime, by: Guard | None = None) -> Outcome:
    """One event of the kind `test`, at once, whatever else waits. Never called inside a transaction."""
    return try_out(new_test(subscription, now), now, by)


def new_test(subscription: Subscription, now: datetime) -> Hook:
    """Nobody sends it but `try_out`."""
    key = f"test_{token_hex(8)}"
    return Hook.objects.create(
        subscription=subscription,
        kind=TEST,
        key=key,
        body=body(TEST, key, now, {"says": "A test: nothing has happened to any lead."}),
        state=State.SKIPPED,
        created_at=now,
        until=now,
    )


def try_out(hook: Hook, now: datetime, by: Guard | None = None) -> Outcome:
    """Never called inside a transaction."""
    outcome = attempt(hook, hook.subscription, now, by)
    record([(hook, outcome)], is_news=False)
    Hook.objects.filter(pk=hook.pk, state=State.SKIPPED).update(state=State.FAILED)
    return outcome


def rotate(subscription: Subscription, now: datetime) -> str:
    """A new secret; what is sent is signed with both until the old one is ended. Returns the new one."""
    subscription.old_secret, subscription.secret = subscription.secret, new_secret()
    subscription.rotated_at = now
    subscription.save(update_fields=["old_secret", "secret", "rotated_at"])
    return subscription.secret


def end_old(subscription: Subscription) -> None:
    subscription.old_secret = ""
    subscription.save(update_fields=["old_secret"])
