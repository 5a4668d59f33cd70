"""What sales ops hear of subscriptions that fail."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from leadrouting.notifications.links import to_page
from leadrouting.notifications.models import Message, Subscription
from leadrouting.teams.models import User


def gone(subscription: Subscription, now: datetime) -> None:
    body = (
        f"{subscription.address} answered 410: nobody wants to hear there any more. Nothing is sent until you "
        "switch it on again; then send again what it missed."
    )
    tell(subscription, f"gone:{now.isoformat()}", f"Webhook “{subscription}” was switched off", body, now)


def gave_up(subscription: Subscription, number: int, now: datetime) -> None:
    """Once a day."""
    events = f"{number} event{'s' * (number != 1)}"
    body = (
        f"{events} could not be delivered to {subscription.address} for a day and will not be tried again. When it "
        "works again, send them again from the page of the subscription."
    )
    tell(subscription, f"gave up:{now.date()}", f"Webhook “{subscription}” does not get through", body, now)


def tell(subscription: Subscription, about: str, subject: str, body: str, now: datetime) -> None:
    ops = User.objects.filter(Q(role=User.Role.OPS) | Q(is_superuser=True), is_active=True)
    link = to_page("admin:notifications_subscription_change", subscription.pk)
    Message.objects.bulk_create(
        [
            Message(
                kind=Message.Kind.NEWS,
                recipient=one,
                subject=subject[:200],
                body=f"{body}\n\n{link}",
                dedupe_key=f"hook:{subscription.pk}:{about}:{one.pk}",
                created_at=now,
            )
            for one in ops
        ],
        ignore_conflicts=True,
    )
