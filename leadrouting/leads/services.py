"""Receiving a lead: the end of every entrance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from leadrouting.leads import suspects
from leadrouting.leads.accounts import account_of
from leadrouting.leads.cleaning import FIELDS, campaign_with_key, cleaned
from leadrouting.leads.identity import Earlier, Way, earlier_of, locked, one_at_a_time, way_of
from leadrouting.leads.joining import FOUND, joined, reopened
from leadrouting.leads.models import Account, Activity, Lead
from leadrouting.leads.scoring import score
from leadrouting.leads.signals import returned

__all__ = [
    "FIELDS",
    "FOUND",
    "Received",
    "campaign_with_key",
    "cleaned",
    "drafted",
    "receive_lead",
]

Kind = Activity.Kind


@dataclass(frozen=True, slots=True)
class Received:
    lead: Lead
    created: bool
    """False: the enquiry joined a lead of the same person."""
    reopened: bool = False
    """It joined one that was lost, which goes on."""


def receive_lead(
    *, now: datetime, reply: bool = False, lenient: bool = False, answers: int | None = None, **values: Any
) -> Received:
    """Normalise, find the account and the earlier lead, save. Routing follows on commit.

    Raises ValidationError with a message per field; nothing is saved then. By the policy of the campaign an
    enquiry by somebody who is known joins the open lead, reopens one that was lost lately, or is a new lead; see
    `identity`. An external id is one enquiry for good: sent again it joins its lead even when that is closed.
    `reply`: somebody answers us (an e-mail, a chat message). It joins the open lead as what the prospect wrote;
    without one it is an enquiry like any other. `answers`: they answer what we wrote about this lead, which is theirs as long
    as it is open, whatever address they write from. `lenient`: for entrances behind which nobody reads an error; what cannot
    be used is kept beside the lead with the reason, see `cleaning`.
    """
    try:
        return received(values, now, reply, lenient, answers)
    except IntegrityError:  # the same external id was saved by somebody else a moment ago: join that lead
        return received(values, now, reply, lenient, answers)


@transaction.atomic
def received(
    values: dict[str, Any],
    now: datetime,
    reply: bool = False,
    lenient: bool = False,
    answers: int | None = None,
) -> Received:
    values = cleaned(values, lenient=lenient, derives=True)
    one_at_a_time([values])
    earlier = answered(answers) if reply and answers else None
    earlier = earlier or earlier_now(values)
    way = way_of(earlier, values, now, is_reply=reply)
    if earlier is None or way is Way.NEW:
        lead = drafted(values, earlier.lead if earlier else None, now)
        lead.clean_fields(exclude=FOUND)
        score([lead])
        lead.save()
        transaction.on_commit(lambda: suspects.find([lead.pk], now), robust=True)
        return Received(lead, created=True)
    values = earlier.new_to_it(values)
    if way is Way.REOPENS:
        back = reopened(earlier.lead, values, now)
    else:
        is_answer = reply and earlier.lead.is_open
        back = joined(earlier.lead, values, now, kind=Kind.REPLY if is_answer else Kind.ENQUIRY)
    returned.send(Lead, returns=[back])
    earlier.lead.refresh_from_db()
    return Received(earlier.lead, created=False, reopened=back.reopens)


def answered(lead_id: int) -> Earlier | None:
    """The lead, locked, or the one that it was merged into; None when it is closed or gone."""
    kept = Lead.objects.filter(pk=lead_id).values_list(Coalesce("merged_into_id", "pk"), flat=True).first()
    lead = locked([kept]).get(kept) if kept else None
    return Earlier(lead) if lead is not None and lead.is_open and lead.merged_into_id is None else None


def earlier_now(values: dict[str, Any]) -> Earlier | None:
    """The earlier lead, locked and as it is then: it may have been merged a moment ago."""
    while (found := earlier_of(values)) is not None:
        lead = locked([found.lead.pk]).get(found.lead.pk)
        if lead is not None and lead.merged_into_id is None:
            return Earlier(lead, found.sent_again)
    return None


def drafted(
    values: dict[str, Any],
    earlier: Lead | None,
    now: datetime,
    account_of: Callable[[Mapping[str, Any]], Account | None] = account_of,
) -> Lead:
    """The unsaved lead, with what is known about its account and its earlier enquiry."""
    lead = Lead(**values, created_at=now, queued_at=now)
    lead.account = account_of(values)
    lead.is_repeat = earlier is not None
    lead.previous_owner_id = earlier.owner_id if earlier else None
    return lead
