"""Ways from a message to our pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from leadrouting.notifications.models import Message


def to_page(name: str, *args: Any) -> str:
    """The whole address of a page, by its name in the urls."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def to_subject(message: Message) -> str:
    """To the lead that it speaks of, else to the inbox."""
    return to_page("lead", message.lead_id) if message.lead_id else to_page("inbox")
