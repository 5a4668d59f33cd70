"""By which ways a message reaches one of us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadrouting.notifications.models import Dispatch, Message, Workflow
from leadrouting.notifications.preferences import muted, ways


def dispatches(messages: Sequence[Message], now: datetime) -> list[Dispatch]:
    """Unsaved rows, a constant number of queries. What a person has switched off is read in the app."""
    told = [one for one in messages if one.recipient is not None]
    users = list({one.recipient_id: one.recipient for one in told if one.recipient}.values())
    if not users:
        return []
    off = muted(users)
    found = {way.name: way.addresses(users) for way in ways()}
    return [
        Dispatch(message=one, channel=name, address=address, created_at=now, send_at=now)
        for one in told
        for name, reached in found.items()
        if one.kind == Message.Kind.TEST or (one.recipient_id, one.kind, name) not in off
        for address in reached.get(one.recipient_id or 0, ())
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
