"""Signatures as Standard Webhooks has them (https://www.standardwebhooks.com)."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from secrets import token_bytes

from standardwebhooks import Webhook

from leadrouting.notifications.models import Hook, Subscription


def new_secret() -> str:
    """256 bits."""
    return "whsec_" + b64encode(token_bytes(32)).decode()


def headers(hook: Hook, subscription: Subscription, now: datetime) -> dict[str, str]:
    """One signature for each secret that is good: whoever checks needs one that fits."""
    signatures = [Webhook(one).sign(hook.key, now.astimezone(UTC), hook.body) for one in subscription.secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Leadrouting",
        "webhook-id": hook.key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
