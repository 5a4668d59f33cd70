"""What the owner of a lead hears of the prospect: they wrote, asked again, booked, moved or cancelled a meeting."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from leadrouting.leads.models import Activity
from leadrouting.notifications.compose import message
from leadrouting.notifications.models import Message
from leadrouting.teams.models import User

SAYS: dict[str, str] = {
    Activity.Kind.REPLY: "{} wrote",
    Activity.Kind.ENQUIRY: "{} asked again",
    Activity.Kind.BOOKED: "{} booked a meeting",
    Activity.Kind.MOVED: "{} moved the meeting",
    Activity.Kind.CANCELLED: "{} cancelled the meeting",
}
CHATTY = (Activity.Kind.REPLY, Activity.Kind.ENQUIRY)
"""Of these one message a minute is enough: in a chat every line is one."""
SHOWN = 1000


def news(activity: Activity) -> list[Message]:
    """To the owner at that moment. Who comes back is told of by the assignment, and so is a new owner."""
    says, lead = SAYS.get(activity.kind), activity.lead
    if says is None or lead.owner_id is None or not lead.is_open or activity.actor_id == lead.owner_id:
        return []
    to = User.objects.filter(pk=lead.owner_id, is_active=True).first()
    if to is None:
        return []
    when = f"{activity.at:%Y-%m-%dT%H:%M}" if activity.kind in CHATTY else f"{activity.pk}"
    key = f"news:{lead.pk}:{activity.kind}:{when}:{to.pk}"
    body = "\n".join(filter(None, [*meeting(activity, to), activity.text[:SHOWN]]))
    return [message(Message.Kind.NEWS, to.pk, key, activity.at, says.format(lead), body, lead.pk)]


def meeting(activity: Activity, to: User) -> list[str]:
    """When it is and when it was before, where the reader is."""
    told = activity.details.get("meeting") or {}
    return [
        f"{words}{datetime.fromisoformat(told[name]).astimezone(ZoneInfo(to.time_zone)):%A %d %B, %H:%M}, your time."
        for name, words in (("starts_at", ""), ("was", "It was: "))
        if told.get(name)
    ]
