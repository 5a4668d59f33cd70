"""Making and changing subscriptions, for the admin and the API alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from leadrouting.common.outside import Refused, guard
from leadrouting.notifications.hooks.order import held
from leadrouting.notifications.hooks.recording import stop
from leadrouting.notifications.hooks.signing import new_secret
from leadrouting.notifications.models import Subscription
from leadrouting.teams.models import User

WORKED = "secret old_secret rotated_at delivered_at failing_since failures free_at stopped".split()
"""Written by who sends, and by others, maybe while somebody changes the rest."""


@transaction.atomic
def subscribe(*, by: User, now: datetime, **values: Any) -> Subscription:
    """Raises ValidationError."""
    made = Subscription(**values)
    begin(made, by, now)
    check(made)
    saved_once(made)
    return made


def begin(made: Subscription, by: User, now: datetime) -> None:
    """What nobody types in."""
    made.secret, made.created_by, made.created_at = new_secret(), by, now


@transaction.atomic
def change(*, subscription: Subscription, by: User, now: datetime, **values: Any) -> None:
    """Only what is named. Raises ValidationError."""
    for name, value in values.items():
        setattr(subscription, name, value)
    check(subscription)
    save(subscription, by, now)


@transaction.atomic
def save(
    subscription: Subscription, by: User, now: datetime, write: Callable[[], None] | None = None
) -> None:
    """What others wrote meanwhile stays. Switched off: what waits is not sent. Switched on again: it hears of what happens
    from now on, and of what it missed when somebody asks for that (`since`). `write` saves it, in another way than usual."""
    (before,) = held([subscription.pk])
    for name in WORKED:
        setattr(subscription, name, getattr(before, name))
    if subscription.is_active and not before.is_active:
        subscription.stopped, subscription.failing_since, subscription.failures = "", None, 0
    write() if write else saved_once(subscription)
    if before.is_active and not subscription.is_active:
        stop(subscription, f"{by} switched it off.", now)
        subscription.refresh_from_db(fields=["stopped"])


def readable(address: str) -> str:
    """Without space around it. Raises ValidationError for one that would never be called."""
    address = address.strip()
    try:
        guard().read(address)
    except Refused as refused:
        raise ValidationError(str(refused)) from None
    return address


def check(subscription: Subscription) -> None:
    try:
        subscription.address = readable(subscription.address)
    except ValidationError as error:
        raise ValidationError({"address": error.messages}) from None
    subscription.full_clean()


def saved_once(subscription: Subscription) -> None:
    try:
        with transaction.atomic():
            subscription.save()
    except IntegrityError:  # two of one name at the same instant
        raise ValidationError({"name": ["There is a subscription of this name already."]}) from None
