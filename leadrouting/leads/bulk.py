"""Receiving many leads at once, as one by one, in a handful of queries. For imports and batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from leadrouting.leads.attributes import definitions
from leadrouting.leads.enums import CLOSED
from leadrouting.leads.models import Account, Campaign, Lead
from leadrouting.leads.services import FOUND, Received, cleaned, drafted, is_sent_again, joined

IDENTITY = ("external_id", "email", "phone")


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What an entrance says about one lead, and when it came in (UTC)."""

    values: dict[str, Any]
    at: datetime


@transaction.atomic
def receive_many(enquiries: Sequence[Enquiry]) -> list[Received | ValidationError]:
    """The same as `receive_lead` for each, in order; one answer each, and a bad one stops nobody.

    Nothing is routed on commit, for rows that are created in bulk send no signals: call
    `assignments.services.route_all`, or leave it to the pulse. Five queries, one more for custom attributes, and a few more for each enquiry
    that joins an earlier lead.
    """
    answers: dict[int, Received | ValidationError] = {}
    rows = cleaned_rows(enquiries, answers)
    by_domain = {
        account.domain: account
        for account in Account.objects.filter(
            domain__in={row["email_domain"] for row in rows.values()} - {""}
        )
    }
    known = Known(rows.values())
    joining: list[tuple[int, Lead]] = []
    for number, values in rows.items():
        earlier = known.find(values)
        if earlier is not None and (earlier.is_open or is_sent_again(earlier, values)):
            joining.append((number, earlier))
            continue
        lead = drafted(values, earlier, enquiries[number].at, by_domain.get)
        try:
            lead.clean_fields(exclude=FOUND)
        except ValidationError as error:
            answers[number] = error
        else:
            answers[number] = Received(lead, created=True)
            known.add(lead)
    Lead.objects.bulk_create(
        [one.lead for one in answers.values() if isinstance(one, Received)], batch_size=500
    )
    for number, earlier in joining:
        answers[number] = Received(joined(earlier, rows[number], enquiries[number].at), created=False)
    return [answers[number] for number in range(len(enquiries))]


def cleaned_rows(
    enquiries: Sequence[Enquiry], answers: dict[int, Received | ValidationError]
) -> dict[int, dict[str, Any]]:
    """The good rows by their number; the errors of the others go to `answers`."""
    keys = {str(enquiry.values.get("campaign") or "") for enquiry in enquiries} - {""}
    campaigns = {campaign.key: campaign for campaign in Campaign.objects.filter(key__in=keys)} if keys else {}
    attributes = cache(definitions)  # read once for all, when the first enquiry has some
    rows: dict[int, dict[str, Any]] = {}
    for number, enquiry in enumerate(enquiries):
        try:
            rows[number] = cleaned(enquiry.values, campaigns.get, attributes)
        except ValidationError as error:
            answers[number] = error
    return rows


class Known:
    """Earlier leads of the same people, in the database and in this batch: an open one before a closed one."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._found: dict[tuple[str, str], Lead] = {}
        wanted = {name: {row[name] for row in rows if row.get(name)} for name in IDENTITY}
        same = Q()
        for name, values in wanted.items():
            if values:
                same |= Q(**{f"{name}__in": values})
        for lead in Lead.objects.filter(same).order_by("created_at", "id") if same else ():
            self.add(lead)

    def add(self, lead: Lead) -> None:
        for name in IDENTITY:
            if value := getattr(lead, name):
                before = self._found.get((name, value))
                if before is None or before.status in CLOSED or lead.status not in CLOSED:
                    self._found[name, value] = lead

    def find(self, values: dict[str, Any]) -> Lead | None:
        if exact := self._found.get(("external_id", values["external_id"] or "")):
            return exact
        found = [lead for name in IDENTITY if (lead := self._found.get((name, values.get(name) or "")))]
        return max(found, key=lambda lead: (lead.status not in CLOSED, lead.created_at), default=None)
