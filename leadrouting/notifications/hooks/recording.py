"""What became of an attempt, written down; and what follows for the lead, the subscription and sales ops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from leadrouting.notifications.hooks import telling
from leadrouting.notifications.hooks.attempting import Outcome
from leadrouting.notifications.hooks.order import held, line_up
from leadrouting.notifications.models import Hook, Subscription

State = Hook.State
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
"""Between two attempts of one event."""
LONGEST_REST = timedelta(minutes=10)
"""For which a subscription is left alone whose other side is not there."""
ENOUGH = 10
"""Failures in a row, of whatever kind, after which the other side counts as not there."""


Done = tuple[Hook, Outcome]


@transaction.atomic
def record(done: Sequence[Done], is_news: bool = True) -> timedelta | None:
    """Attempts for one subscription, as they ended. Returns for how long it is to be left alone, if so. Not `is_news`:
    that it fails is known already."""
    found = held([done[0][0].subscription_id])
    if not found:  # deleted meanwhile, with all that was on its way
        return None
    one, rest = found[0], None
    for hook, outcome in done:
        if outcome.is_delivered:
            write_down(hook, outcome, state=State.DELIVERED, delivered_at=outcome.at, send_at=None)
            one.delivered_at, one.failing_since, one.failures = outcome.at, None, 0
        else:
            write_down(hook, outcome)
            rest = failed(one, hook, outcome, is_news) or rest
    Subscription.objects.filter(pk=one.pk).update(
        delivered_at=one.delivered_at, failing_since=one.failing_since, failures=one.failures
    )
    now = max(outcome.at for _, outcome in done)
    if leads := [hook.lead_id for hook, outcome in done if outcome.is_delivered and hook.lead_id]:
        line_up([one.pk], leads, now)
    if not all(outcome.is_delivered for _, outcome in done):
        give_up(one, now)
    return rest


def write_down(hook: Hook, outcome: Outcome, **more: Any) -> None:
    Hook.objects.filter(pk=hook.pk, state__in=(State.WAITING, State.SKIPPED)).update(
        attempts=F("attempts") + 1,
        tried_at=outcome.at,
        sent_headers=dict(outcome.headers),
        status=outcome.status,
        answer=outcome.answer,
        milliseconds=outcome.milliseconds,
        error=outcome.said[:300],
        **more,
    )


def failed(one: Subscription, hook: Hook, outcome: Outcome, is_news: bool) -> timedelta | None:
    one.failures += is_news
    one.failing_since = one.failing_since or outcome.at
    if outcome.is_gone and one.is_active:
        one.is_active = False
        stop(one, outcome.said, outcome.at)
        telling.gone(one, outcome.at)
        return None
    pause = outcome.after or grown(hook.attempts, LONGEST_PAUSE)
    Hook.objects.filter(pk=hook.pk, state=State.WAITING).update(send_at=outcome.at + pause)
    if outcome.is_down or one.failures >= ENOUGH:
        return outcome.after or grown(one.failures - 1, LONGEST_REST)
    return None


def grown(times: int, longest: timedelta) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(times, 12), longest)


def give_up(subscription: Subscription, now: datetime) -> None:
    """All that was tried for a day, and all that waited for it as long. `error` says why where it was tried."""
    late = Hook.objects.filter(subscription=subscription, state=State.WAITING, until__lte=now)
    untried = late.filter(attempts=0).update(
        state=State.FAILED, send_at=None, error="Nothing got through there for a day."
    )
    if number := untried + late.update(state=State.FAILED, send_at=None):
        line_up([subscription.pk], None, now)
        telling.gave_up(subscription, number, now)


def stop(subscription: Subscription, because: str, now: datetime) -> None:
    """Held. Nothing is sent any more, not even what waits: it can be sent again later."""
    Subscription.objects.filter(pk=subscription.pk).update(is_active=False, stopped=because[:200])
    waiting = Hook.objects.filter(subscription=subscription, state=State.WAITING)
    waiting.update(state=State.SKIPPED, send_at=None, error="The subscription was switched off.")
