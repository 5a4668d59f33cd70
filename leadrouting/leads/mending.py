"""Putting right many leads at once: counted first, done in portions, and undone as a whole.

What a lead held before is kept with the mending and, the first time, in the lead's `original`. Whose leads they are stays
as it is: `assignments` hears of it and asks the rules, as after any change of a lead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from leadrouting.leads import normalise
from leadrouting.leads.models import Lead, Mended, Mending
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.leads.scoring import SCORED, score
from leadrouting.leads.signals import mended
from leadrouting.teams.models import User

PORTION = 500
Change = Callable[[Lead], dict[str, str]]
"""What a lead is to hold otherwise, by field; nothing when it stays."""


def to_source(key: str) -> Change:
    """Raises ValueError for a source without a name: that would be no mending."""
    if not key.strip():
        raise ValueError("A source has a name.")
    return lambda lead: {"source": key} if lead.source != key else {}


def to_campaigns_source(lead: Lead) -> dict[str, str]:
    key = lead.campaign.source if lead.campaign else ""
    return {"source": key} if key and key != lead.source else {}


def phone_of(country: str) -> Change:
    """Read again, as a number of this country, what was not understood."""

    def change(lead: Lead) -> dict[str, str]:
        told = lead.original.get("phone")
        if lead.phone or not isinstance(told, dict) or "problem" not in told:
            return {}
        try:
            phone, found = normalise.clean_phone(str(told.get("came", "")), country)
        except normalise.InvalidValue:
            return {}
        return {"phone": phone} | ({"country": found} if found and not lead.country else {})

    return change


def blanked(field: str) -> Change:
    return lambda lead: {field: ""} if getattr(lead, field) else {}


def preview(
    leads: LeadQuerySet, change: Change, shown: int = 10
) -> tuple[int, list[tuple[Lead, dict[str, str]]]]:
    """How many would change, and the first of them."""
    number = 0
    first: list[tuple[Lead, dict[str, str]]] = []
    for lead in leads.select_related("campaign").iterator(chunk_size=PORTION):
        if changes := change(lead):
            number += 1
            if len(first) < shown:
                first.append((lead, changes))
    return number, first


def mend(leads: LeadQuerySet, change: Change, says: str, by: User, now: datetime) -> Mending:
    """In portions of a transaction each: one that is cut short has mended some, and says how many."""
    mending = Mending.objects.create(says=says[:300], by=by, at=now)
    keys = list(leads.order_by().values_list("pk", flat=True))
    for portion in portions(sorted(keys)):
        mend_these(mending, portion, change, now)
    mending.refresh_from_db()
    return mending


def portions(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + PORTION] for start in range(0, len(keys), PORTION))


@transaction.atomic
def mend_these(mending: Mending, keys: Sequence[int], change: Change, now: datetime) -> None:
    rows: list[Mended] = []
    changed: list[Lead] = []
    for lead in locked(keys):
        changes = change(lead)
        for field, value in changes.items():
            was, told = str(getattr(lead, field)), lead.original.get(field)
            rows.append(
                Mended(mending=mending, lead=lead, field=field, was=was[:500], now=value[:500], told=told)
            )
            lead.original = {**lead.original, field: as_it_came(told, was)}
            setattr(lead, field, value)
        if changes:
            lead.updated_at = now
            changed.append(lead)
    write(changed)
    Mended.objects.bulk_create(rows)
    Mending.objects.filter(pk=mending.pk).update(leads=mending.leads + len(changed))
    mending.leads += len(changed)


def as_it_came(told: Any, was: str) -> Any:
    """A value that had not been understood is understood now; what came stays."""
    if isinstance(told, dict):
        return str(told.get("came", was))
    return told or was


def locked(keys: Sequence[int]) -> QuerySet[Lead]:
    rows = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    return rows.filter(pk__in=keys, merged_into=None).order_by("pk")


def write(changed: list[Lead]) -> None:
    if not changed:
        return
    score(changed)
    fields: list[Any] = ["source", "phone", "country", "name", "original", "updated_at", *SCORED]
    Lead.objects.bulk_update(changed, list(dict.fromkeys(fields)))
    mended.send(Lead, leads=[lead.pk for lead in changed if lead.is_open])


def undo(mending: Mending, now: datetime) -> tuple[int, int]:
    """Each lead that still holds what it was given gets back what it had. Returns how many did, and how many have changed
    since and stay."""
    rows = list(mending.mended.order_by("lead_id"))
    back = 0
    for portion in portions(sorted({row.lead_id for row in rows})):
        back += undo_these([row for row in rows if portion[0] <= row.lead_id <= portion[-1]], portion, now)
    Mending.objects.filter(pk=mending.pk, undone_at=None).update(undone_at=now)
    return back, len({row.lead_id for row in rows}) - back


@transaction.atomic
def undo_these(rows: Sequence[Mended], keys: Sequence[int], now: datetime) -> int:
    leads = {lead.pk: lead for lead in locked(keys)}
    changed: dict[int, Lead] = {}
    for row in rows:
        lead = leads.get(row.lead_id)
        if lead is None or str(getattr(lead, row.field)) != row.now:
            continue
        setattr(lead, row.field, row.was)
        rest = {name: value for name, value in lead.original.items() if name != row.field}
        lead.original = rest if row.told is None else {**rest, row.field: row.told}
        lead.updated_at = now
        changed[lead.pk] = lead
    write(list(changed.values()))
    return len(changed)
