"""Who does not want to be contacted, and who does again: said by the prospect, or by one of us in their name.

Each is one transaction. The lead is locked first, so that the timeline tells it once. All instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.ownership import lock
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import OptOut
from leadrouting.notifications.optouts import addresses_of, opt_in, opt_out
from leadrouting.notifications.prospects.leaving import Holder
from leadrouting.notifications.theirs import theirs
from leadrouting.teams.models import User

STOP = frozenset(["stop", "stopp", "unsubscribe", "baja", "arret", "arrêt", "parar"])
"""Whoever writes one of these words and nothing else wants to hear no more."""
NOT_THEIRS = "Only the owner, the team's manager or sales ops can say whether a lead is contacted."
AROUND = " \t\r\n.!\"'“”„«»"
HEARD = (Activity.Kind.REPLY, Activity.Kind.ENQUIRY, Activity.Kind.REOPENED)


@transaction.atomic
def do_not_contact(*, lead_id: int, by: User, now: datetime, reason: str = "") -> Lead:
    """For the owner, the team's manager and sales ops, also of a closed lead. A second time changes nothing."""
    lead = theirs(lead_id, by, NOT_THEIRS)
    addresses = addresses_of(lead)
    if not addresses:
        raise Refused("This lead has no e-mail address and no phone number that anything could be sent to.")
    why = reason.strip()
    if opt_out(addresses, how=why or "One of us said so for them, on the lead’s page.", now=now, by=by):
        note(lead, now, " ".join(filter(None, [f"Do not contact: {named(addresses)}.", why])), by)
    return lead


@transaction.atomic
def contact_again(*, lead_id: int, by: User, now: datetime) -> Lead:
    """Takes back what one of us said. What the prospect has said themselves only sales ops take back, or they do."""
    lead = theirs(lead_id, by, NOT_THEIRS)
    out = OptOut.objects.filter(address__in=addresses_of(lead))
    ours = out if by.is_ops else out.filter(by__isnull=False)
    addresses = sorted(ours.values_list("address", flat=True))
    if not addresses and out.exists():
        raise Refused(
            "They said so themselves. They can take it back by the link in any message; or ask sales ops."
        )
    if opt_in(addresses):
        note(lead, now, f"May be contacted again: {named(addresses)}.", by)
    return lead


@transaction.atomic
def leave(holder: Holder, now: datetime) -> None:
    """By the link in a message. A second time changes nothing."""
    lead = lock(holder.lead_id)
    if opt_out([holder.address], how="They unsubscribed by the link in a message.", now=now) and lead:
        note(lead, now, f"They unsubscribed: {holder.address}. Nothing is sent there any more.")


@transaction.atomic
def come_back(holder: Holder, now: datetime) -> None:
    lead = lock(holder.lead_id)
    if opt_in([holder.address]) and lead:
        note(lead, now, f"They want to hear from us again: {holder.address}.")


def heard(activity: Activity) -> None:
    """What a prospect wrote into a lead that they have already."""
    text = activity.text
    if activity.kind == Activity.Kind.REOPENED:  # opens with why it was lost
        text = text.partition("\n\n")[2]
    if activity.kind in HEARD:
        heed(activity.lead, text, activity.at)


def heed(lead: Lead, text: str, now: datetime) -> None:
    """Where it is a word to stop, and nothing else, nothing is sent to them any more."""
    if text.strip(AROUND).casefold() in STOP and (addresses := addresses_of(lead)):
        with transaction.atomic():
            if opt_out(addresses, how=f"They wrote “{text.strip()[:40]}”.", now=now):
                note(
                    lead, now, f"They want no more messages: nothing is sent to {named(addresses)} any more."
                )


def note(lead: Lead, now: datetime, text: str, by: User | None = None) -> None:
    Activity.objects.create(lead=lead, kind=Activity.Kind.NOTE, at=now, actor=by, text=text)


def named(addresses: Iterable[str]) -> str:
    return " and ".join(addresses)
