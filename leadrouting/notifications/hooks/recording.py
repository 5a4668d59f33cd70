"""What became of an attempt, written down; and what follows for the lead, the subscription and sales ops."""

from __future__ import annotations

from datetime import datetime, timedelta

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


@transaction.atomic
def record(hook: Hook, outcome: Outcome, is_news: bool = True) -> timedelta | None:
    """Returns for how long the subscription is to be left alone, if so. Not `is_news`: that it fails is known already."""
    found = held([hook.subscription_id])
    if not found:  # deleted meanwhile, with all that was on its way
        return None
    subscription, now = found[0], outcome.at
    row = Hook.objects.filter(pk=hook.pk, state__in=(State.WAITING, State.SKIPPED))
    row.update(
        attempts=F("attempts") + 1,
        tried_at=now,
        sent_headers=dict(outcome.headers),
        status=outcome.status,
        answer=outcome.answer,
        milliseconds=outcome.milliseconds,
        error=outcome.said[:300],
    )
    if outcome.is_delivered:
        row.update(state=State.DELIVERED, delivered_at=now, send_at=None)
        delivered(subscription, hook, now)
        return None
    return failed(subscription, hook, outcome, is_news)


def delivered(subscription: Subscription, hook: Hook, now: datetime) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(delivered_at=now, failing_since=None, failures=0)
    if hook.lead_id:
        line_up([subscription.pk], [hook.lead_id], now)


def failed(subscription: Subscription, hook: Hook, outcome: Outcome, is_news: bool) -> timedelta | None:
    now, failures = outcome.at, subscription.failures + is_news
    since = subscription.failing_since or now
    Subscription.objects.filter(pk=subscription.pk).update(failing_since=since, failures=failures)
    if outcome.is_gone and subscription.is_active:
        stop(subscription, outcome.said, now)
        telling.gone(subscription, now)
        return None
    pause = outcome.after or grown(hook.attempts, LONGEST_PAUSE)
    Hook.objects.filter(pk=hook.pk, state=State.WAITING).update(send_at=now + pause)
    give_up(subscription, now)
    if outcome.is_down or failures >= ENOUGH:
        return outcome.after or grown(failures - 1, LONGEST_REST)
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
