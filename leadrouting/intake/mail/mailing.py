"""What becomes of a mail: an enquiry, an answer to us, an answer of ours, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.reporting import report
from leadrouting.intake.heard import Bounced, Mailed
from leadrouting.intake.models import Item, Kind, Mailbox
from leadrouting.leads.models import Activity, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Dispatch
from leadrouting.notifications.tags import lead_of
from leadrouting.teams.models import Rep, User

Outcome = Item.Outcome
Done = tuple[str, Lead | None, str]
"""Outcome, lead, reason."""
OURS = "Written by one of us."
SLOW = timedelta(days=1)
"""A mail that says that it is older than this, or of the future, is taken as of now."""


def mailed(heard: Mailed, mailbox: Mailbox | None, values: Mapping[str, Any], now: datetime) -> Done:
    """Whose lead it belongs to: what it answers says it, then a tag in the address, then who wrote it."""
    address = str(values["email"])
    if heard.is_ours or User.objects.filter(email__iexact=address, is_active=True).exists():
        return written_by_us(heard, mailbox, address, now)
    lead = answered(heard)
    received = receive_lead(now=now, reply=True, lenient=True, answers=lead, **values)
    return (Outcome.CREATED if received.created else Outcome.JOINED), received.lead, ""


def answered(heard: Mailed) -> int | None:
    for address in heard.to:
        if (lead := lead_of(address)) is not None:
            return lead
    return known_by(heard.answers)


def known_by(names: Sequence[str]) -> int | None:
    """The lead of the mail among these that we know, the first that we find: one that we sent, else one that we got."""
    sent = Dispatch.objects.filter(external_id__in=names, channel="email", message__lead__isnull=False)
    got = Item.objects.filter(scope=Kind.EMAIL, key__in=names, lead__isnull=False)
    leads = {
        **dict(got.values_list("key", "lead_id")),
        **dict(sent.values_list("external_id", "message__lead_id")),
    }
    return next((leads[name] for name in names if name in leads), None)


def written_by_us(heard: Mailed, mailbox: Mailbox | None, address: str, now: datetime) -> Done:
    """Where the mailbox says so, a rep's mail to the prospect counts as the rep's answer."""
    rep = Rep.objects.select_related("user").filter(user__email__iexact=address).first()
    if mailbox is None or mailbox.reports_as is None or rep is None or not heard.others:
        return Outcome.PASSED, None, OURS
    lead = told_to(heard, rep)
    if lead is None:
        return Outcome.PASSED, None, f"{OURS} None of those it went to has an open lead."
    at = heard.at if heard.at and now - SLOW <= heard.at <= now else now
    try:
        report(
            sender=mailbox.reports_as,
            lead_id=lead.pk,
            rep=rep,
            now=now,
            kind=Activity.Kind.EMAIL,
            at=max(at, lead.created_at),
            text=str(heard.values.get("message", "")),
            external_id=heard.key[:200],
        )
    except Refused as error:
        return Outcome.PASSED, lead, str(error)
    return Outcome.NOTED, lead, ""


def told_to(heard: Mailed, rep: Rep) -> Lead | None:
    """The open lead of somebody to whom it went, the rep's own first."""
    leads = Lead.objects.filter(email__in=heard.others, closed_at=None, merged_into=None).order_by(
        "-created_at"
    )
    found = list(leads[:20])
    return next((one for one in found if one.owner_id == rep.pk), found[0] if found else None)


def bounced(heard: Bounced) -> Done:
    """What we sent has come back: that is said where it was sent from, and it is not tried again."""
    sent = Dispatch.objects.filter(external_id__in=heard.named, channel="email").select_related(
        "message__lead"
    )
    found = sent.first()
    if found is None:
        return Outcome.PASSED, None, "A mail came back, and we did not send it."
    said = f"It came back: {heard.reason}"[:300]
    Dispatch.objects.filter(pk=found.pk).update(state=Dispatch.State.FAILED, last_error=said)
    return Outcome.NOTED, found.message.lead, said
