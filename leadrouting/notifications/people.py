"""By which ways a message reaches one of us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadrouting.notifications.models import Dispatch, Message, Workflow


def dispatches(messages: Sequence[Message], now: datetime) -> list[Dispatch]:
    """Unsaved rows. Who has no address reads it in the app; so does the owner of a lead whose campaign tells nobody."""
    silent = untold(messages)
    return [
        Dispatch(message=one, channel="email", address=one.recipient.email, created_at=now, send_at=now)
        for one in messages
        if one.recipient is not None and one.recipient.email and one.pk not in silent
    ]


def untold(messages: Sequence[Message]) -> set[int]:
    """The messages of new leads that stay in the app because of their campaign. One query at most."""
    new = [one for one in messages if one.kind == Message.Kind.ASSIGNED and one.lead and one.lead.campaign_id]
    if not new:
        return set()
    campaigns = {one.lead.campaign_id for one in new if one.lead}
    quiet = set(
        Workflow.objects.filter(campaign__in=campaigns, tells_team=False).values_list(
            "campaign_id", flat=True
        )
    )
    return {one.pk for one in new if one.lead and one.lead.campaign_id in quiet}
