"""Links in messages by which one of us accepts a lead without logging in: for one person, one lead, and a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from leadrouting.leads.models import Lead
from leadrouting.notifications.links import to_page
from leadrouting.teams.models import User

SALT = "leadrouting.notifications.quick"
GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offer:
    """Keys of the lead, and of who may accept it."""

    lead: int
    user: int


def accept_link(lead: Lead, to: User) -> str:
    token = signing.dumps([lead.pk, to.pk], salt=SALT)
    return to_page("quick_accept", token)


def read(token: str) -> Offer | None:
    """None for what we did not sign, and for what is too old."""
    try:
        lead, user = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Offer(lead, user)
