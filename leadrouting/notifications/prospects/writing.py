"""A rep writes to the prospect by WhatsApp: from the company's number, never from the rep's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import Refused
from leadrouting.leads.enums import Channel
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications import compose
from leadrouting.notifications.models import Dispatch, Message
from leadrouting.notifications.prospects.ways import WHATSAPP, has_whatsapp
from leadrouting.notifications.unwanted import opted_out
from leadrouting.teams.models import User

WINDOW = timedelta(hours=24)
"""So long after somebody wrote by WhatsApp it takes an answer in a company's own words."""
ECHO = timedelta(seconds=10)
"""The same words within this time are a second click."""
WRITERS = (Activity.Kind.ENQUIRY, Activity.Kind.REPLY, Activity.Kind.REOPENED)
LONGEST = 4096
"""Characters that WhatsApp takes."""


def open_until(lead: Lead, activities: Iterable[Activity]) -> datetime | None:
    """Until when they may be answered in own words (UTC); None when they have never written by WhatsApp."""
    wrote = [lead.created_at] if lead.channel == Channel.WHATSAPP else []
    wrote += [
        one.at
        for one in activities
        if one.kind in WRITERS and one.details.get("from", {}).get("channel") == Channel.WHATSAPP
    ]
    return max(wrote) + WINDOW if wrote else None


@transaction.atomic
def write(*, lead_id: int, by: User, text: str, now: datetime) -> Message:
    """For the owner. It is a response as soon as WhatsApp has taken it. A second click sends nothing. Raises Refused and
    NotYours."""
    lead, _held = ownership.owned(lead_id, by)
    text = text.strip()
    if not text:
        raise Refused(_("Write the message first."))
    if len(text) > LONGEST:
        raise Refused(_("WhatsApp takes {most} letters at most.").format(most=LONGEST))
    if not has_whatsapp() or not lead.phone:
        raise Refused(_("The prospect cannot be written to by WhatsApp."))
    if opted_out([lead.phone]):
        raise Refused(_("They do not want to be written to."))
    wrote = Activity.objects.filter(lead=lead, kind__in=WRITERS)
    if (until := open_until(lead, wrote)) is None or until <= now:
        raise Refused(
            _("More than 24 hours have passed since they wrote by WhatsApp. Call, or write an e-mail.")
        )
    same = Message.objects.filter(
        lead=lead, kind=Message.Kind.WRITTEN, body=text, created_at__gte=now - ECHO
    ).first()
    return same or sent_off(lead, by, text, now)


def sent_off(lead: Lead, by: User, text: str, now: datetime) -> Message:
    message = Message.objects.create(
        kind=Message.Kind.WRITTEN,
        lead=lead,
        subject="WhatsApp",
        body=text,
        other_ways={"they_wrote": True, "by": by.pk},
        dedupe_key=f"written:{lead.pk}:{by.pk}:{now.isoformat()}",
        created_at=now,
        spread_at=now,
    )
    Dispatch.objects.create(
        message=message, channel=WHATSAPP, address=lead.phone, created_at=now, send_at=now
    )
    return message


def counted(dispatch: Dispatch, now: datetime) -> None:
    """It has left: a response, if the lead is still with who wrote. Called in the transaction that says so, which holds
    no lead; the response is written after it."""
    if dispatch.message.kind == Message.Kind.WRITTEN:
        transaction.on_commit(lambda: respond(dispatch.message, now), robust=True)


def respond(message: Message, at: datetime) -> None:
    by = User.objects.filter(pk=message.other_ways["by"]).first()
    if by is None or message.lead_id is None:
        return
    try:
        ownership.respond(
            lead_id=message.lead_id, by=by, now=at, kind=Activity.Kind.MESSAGE, text=message.body
        )
    except Refused:
        return  # it has moved on: that it was sent is in the timeline


def failed(dispatch: Dispatch, now: datetime) -> None:
    """Who wrote it hears that it has not arrived."""
    message = dispatch.message
    if message.kind != Message.Kind.WRITTEN or message.lead is None:
        return
    told = compose.message(
        Message.Kind.NEWS,
        message.other_ways["by"],
        f"unwritten:{message.pk}",
        now,
        _("Your message to {lead} has not arrived").format(lead=message.lead),
        _("WhatsApp did not take it: {why} No response was logged.").format(why=dispatch.last_error),
        message.lead_id,
    )
    Message.objects.bulk_create([told], ignore_conflicts=True)
