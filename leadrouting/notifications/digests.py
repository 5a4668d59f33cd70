"""After quiet hours: one message about what was held, or the message itself when it is the only one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from leadrouting.notifications.links import to_page
from leadrouting.notifications.models import Message
from leadrouting.notifications.preferences import muted, ways
from leadrouting.teams.models import User

DUE = "SELECT min(held_until) FROM notifications_message WHERE held_until IS NOT NULL"
LIMIT = 500
FLEETING = frozenset({Message.Kind.ASSIGNED, Message.Kind.REMINDER})
"""Said to the owner of a lead; of no use to who has it no more."""
SHOWN = 30


@transaction.atomic
def release_due(now: datetime) -> int:
    """Returns how many held messages were let go. What has been read meanwhile, or is over, is left out."""
    due = list(
        Message.objects.filter(held_until__lte=now)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("recipient", "lead")
        .order_by("held_until", "id")[:LIMIT]
    )
    Message.objects.filter(pk__in=[one.pk for one in due]).update(held_until=None)
    by_person: dict[User, list[Message]] = defaultdict(list)
    off, names = muted(one.recipient for one in due if one.recipient), {way.name for way in ways()}
    for one in due:
        unwanted = {name for name in names if (one.recipient_id, one.kind, name) in off}
        if one.recipient is not None and is_news(one) and unwanted != names:
            by_person[one.recipient].append(one)
    alone = [waiting[0].pk for waiting in by_person.values() if len(waiting) == 1]
    Message.objects.filter(pk__in=alone).update(spread_at=None)
    many = [digest(to, waiting, now) for to, waiting in by_person.items() if len(waiting) > 1]
    Message.objects.bulk_create(many, ignore_conflicts=True)
    return len(due)


def is_news(one: Message) -> bool:
    if one.read_at is not None:
        return False
    return one.kind not in FLEETING or one.lead is None or one.lead.owner_id == one.recipient_id


def digest(to: User, waiting: Sequence[Message], now: datetime) -> Message:
    """It is no news in the app, where each message stands by itself."""
    zone = ZoneInfo(to.time_zone)
    lines = [
        f"{one.created_at.astimezone(zone):%a %H:%M}  {one.subject}{link(one)}" for one in waiting[:SHOWN]
    ]
    if len(waiting) > SHOWN:
        lines.append(f"and {len(waiting) - SHOWN} more in your inbox: {to_page('inbox')}")
    return Message(
        kind=Message.Kind.DIGEST,
        recipient=to,
        subject=f"While it was quiet: {len(waiting)} messages",
        body="\n".join(lines),
        dedupe_key=f"digest:{to.pk}:{waiting[-1].pk}",
        created_at=now,
        read_at=now,
    )


def link(one: Message) -> str:
    return f"\n           {to_page('lead', one.lead_id)}" if one.lead_id else ""
