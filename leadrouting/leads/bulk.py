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

from leadrouting.leads import suspects
from leadrouting.leads.accounts import Accounts
from leadrouting.leads.attributes import definitions
from leadrouting.leads.identity import IDENTITY, Earlier, Return, Way, locked, one_at_a_time, way_of
from leadrouting.leads.joining import FOUND, joined, reopened, taken_in
from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.leads.scoring import score
from leadrouting.leads.services import Received, cleaned, drafted
from leadrouting.leads.signals import returned
from leadrouting.leads.sources import as_known, known_names


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What an entrance says about one lead, and when it came in (UTC)."""

    values: dict[str, Any]
    at: datetime


@transaction.atomic
def receive_many(
    enquiries: Sequence[Enquiry], *, quiet: bool = False, lenient: bool = False
) -> list[Received | ValidationError]:
    """The same as `receive_lead` for each, in order; one answer each, and a bad one stops nobody.

    Nothing new is routed on commit, for rows that are created in bulk send no signals: call
    `assignments.services.route_all`, or leave it to the pulse. Eight queries, one more for custom attributes, and a
    few more for each enquiry that joins an earlier lead. `quiet`: for leads of long ago; what is reopened starts no
    clock, and nobody is told. `lenient` as for `receive_lead`.
    """
    answers: dict[int, Received | ValidationError] = {}
    rows = cleaned_rows(enquiries, answers, lenient)
    one_at_a_time(rows.values())
    accounts = Accounts(rows.values())
    known, joins = Known(rows.values()), Joins(quiet)
    for number, values in rows.items():
        earlier, at = known.find(values), enquiries[number].at
        way = way_of(earlier, values, at)
        lead = drafted(values, earlier.lead if earlier else None, at, accounts.of)
        try:
            lead.clean_fields(exclude=FOUND)
        except ValidationError as error:
            answers[number] = error
            continue
        if earlier is not None and way is not Way.NEW:
            answers[number] = joins.add(earlier.lead, earlier.new_to_it(values), at, way)
            lead = earlier.lead
        else:
            answers[number] = Received(lead, created=True)
        known.add(lead)
    new = [one.lead for one in answers.values() if isinstance(one, Received) and one.created]
    score(new)
    Lead.objects.bulk_create(new, batch_size=500)
    joins.finish()
    if new:
        found_at = max(lead.created_at for lead in new)
        transaction.on_commit(lambda: suspects.find([lead.pk for lead in new], found_at), robust=True)
    return [answers[number] for number in range(len(enquiries))]


class Joins:
    """Enquiries by people who are known, in order. A lead of this batch, which is not saved yet, is filled at once,
    and gets the entries of its timeline when it is."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.entries: list[Activity] = []
        self.returns: dict[int, Return] = {}

    def add(self, lead: Lead, values: dict[str, Any], at: datetime, way: Way) -> Received:
        if lead.pk is None:
            self.entries.append(taken_in(lead, values, at)[0])
            return Received(lead, created=False)
        if way is Way.REOPENS:
            back = reopened(lead, values, at, quiet=self.quiet)
        else:
            back = joined(lead, values, at, quiet=self.quiet)
        if back.reopens or lead.pk not in self.returns:
            self.returns[lead.pk] = back
        return Received(lead, created=False, reopened=back.reopens)

    def finish(self) -> None:
        """Everybody who came back is welcomed together."""
        for entry in self.entries:
            entry.lead = entry.lead  # now it has a key
        Activity.objects.bulk_create(self.entries, batch_size=500)
        if self.returns:
            returned.send(Lead, returns=list(self.returns.values()))


def cleaned_rows(
    enquiries: Sequence[Enquiry], answers: dict[int, Received | ValidationError], lenient: bool
) -> dict[int, dict[str, Any]]:
    """The good rows by their number; the errors of the others go to `answers`."""
    keys = {str(enquiry.values.get("campaign") or "") for enquiry in enquiries} - {""}
    campaigns = {campaign.key: campaign for campaign in Campaign.objects.filter(key__in=keys)} if keys else {}
    attributes = cache(definitions)  # read once for all, when the first enquiry has some
    sources = cache(known_names)
    rows: dict[int, dict[str, Any]] = {}
    for number, enquiry in enumerate(enquiries):
        try:
            rows[number] = cleaned(
                enquiry.values,
                campaigns.get,
                attributes,
                lenient=lenient,
                derives=True,
                source_of=lambda name: as_known(sources(), name),
            )
        except ValidationError as error:
            answers[number] = error
    return rows


def now_known(same: Q) -> tuple[list[tuple[int | None, int, *tuple[str, ...]]], dict[int, Lead]]:
    """For each lead of these people the one that was kept, itself, and its keys; and those that count, locked."""
    while True:
        found = list(Lead.objects.filter(same).order_by("pk").values_list("merged_into", "pk", *IDENTITY))
        leads = locked(kept or pk for kept, pk, *_ in found)
        if all(lead.merged_into_id is None for lead in leads.values()):  # none was merged a moment ago
            return found, leads


class Known:
    """Earlier leads of the same people, in the database and in this batch. Locks those of the database.

    Of several an open one comes first, then the newest; one that was merged stands for the one that was kept.
    """

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._found: dict[tuple[str, str], list[Lead]] = {}
        self._numbers: dict[int, int] = {}
        wanted = {name: {row[name] for row in rows if row.get(name)} for name in IDENTITY}
        same = Q()
        for name, values in wanted.items():
            if values:
                same |= Q(**{f"{name}__in": values})
        if not same:
            return
        found, leads = now_known(same)
        for kept, pk, *keys in found:
            for name, value in zip(IDENTITY, keys, strict=True):
                self.note(name, value, leads[kept or pk])

    def add(self, lead: Lead) -> None:
        """Also again, when more is known of it."""
        for name in IDENTITY:
            self.note(name, getattr(lead, name), lead)

    def note(self, name: str, value: str | None, lead: Lead) -> None:
        self._numbers.setdefault(id(lead), len(self._numbers))
        if value:
            self._found.setdefault((name, value), []).append(lead)

    def find(self, values: dict[str, Any]) -> Earlier | None:
        if exact := self._found.get(("external_id", values["external_id"] or "")):
            return Earlier(exact[0], sent_again=True)
        found = [
            lead
            for name in ("email", "phone")
            for lead in self._found.get((name, values.get(name) or ""), ())
        ]
        newest = max(found, key=self.rank, default=None)
        return Earlier(newest) if newest else None

    def rank(self, lead: Lead) -> tuple[bool, datetime, bool, int]:
        """Leads of this batch have no key yet; they are newer than all that do."""
        return (lead.is_open, lead.created_at, lead.pk is None, lead.pk or self._numbers[id(lead)])
