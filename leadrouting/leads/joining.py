"""An enquiry is written into the lead that its person has already: blanks are filled, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from leadrouting.leads.accounts import account_of
from leadrouting.leads.called import called
from leadrouting.leads.enriching import is_derived
from leadrouting.leads.enums import Status
from leadrouting.leads.identity import Return
from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.leads.scoring import scored_anew

Kind = Activity.Kind
FOUND = ["owner", "queue", "campaign", "account", "previous_owner"]  # rows that are known to exist
ORIGIN = frozenset(
    "channel source campaign medium utm_source utm_medium utm_campaign utm_term utm_content landing_page referrer ad "
    "click_ids referred_by external_id".split()
)
UNTOLD = frozenset(["message", "email_domain", "email_kind", "attributes", "original", "score_reasons"])
"""Told elsewhere, or following from what is told."""
APART = ("attributes", "original")
TELLING = frozenset(["email_domain", "company"])
"""By what an account is found."""
BLANK: tuple[Any, ...] = (None, "", [], {}, ())


def joined(
    lead: Lead, values: Mapping[str, Any], at: datetime, *, kind: str = Kind.ENQUIRY, quiet: bool = False
) -> Return:
    """`lead` is locked. `quiet`: it is of long ago, and nobody hears of it. Raises ValidationError for values that no
    lead can have."""
    entry, filled = taken_in(lead, values, at, kind)
    if filled:
        lead.save(update_fields=[*filled.union(scored_anew(lead)), "updated_at"])
    enter(entry, quiet)
    return Return(lead.pk, at, reopens=False, quiet=quiet)


def enter(entry: Activity, quiet: bool) -> None:
    """Into the timeline; rows that are created in bulk send no signals."""
    if quiet:
        Activity.objects.bulk_create([entry])
    else:
        entry.save()


def reopened(lead: Lead, values: Mapping[str, Any], at: datetime, *, quiet: bool = False) -> Return:
    """Write down that and why a lost lead, which is locked, goes on. `assignments` hears of it and finds its owner.

    No signal of a changed lead is sent: the rules are asked once, when it has gone back to its owner or not.
    """
    was = f"It was lost: {lead.lost_reason}" if lead.lost_reason else "It was lost."
    entry, filled = taken_in(lead, values, at, Kind.REOPENED)
    entry.text = "\n\n".join(filter(None, [was, entry.text]))
    days = (at - (lead.closed_at or at)).days
    lead.is_repeat, lead.previous_owner_id = True, lead.owner_id
    changed = {*filled, *scored_anew(lead), "is_repeat", "previous_owner_id"}
    Lead.objects.filter(pk=lead.pk).update(**{name: getattr(lead, name) for name in changed})
    enter(entry, quiet)
    lead.status, lead.closed_at = Status.RECEIVED, None
    return Return(lead.pk, at, reopens=True, days=days, quiet=quiet)


def taken_in(
    lead: Lead, values: Mapping[str, Any], at: datetime, kind: str = Kind.ENQUIRY
) -> tuple[Activity, set[str]]:
    """The entry for its timeline, and the fields that are filled; nothing is saved."""
    values = valid(values)
    filled = fill(lead, values)
    if lead.account_id is None and filled & TELLING and (found := account_of(vars(lead))) is not None:
        lead.account = found
        filled.add("account")
    details = details_of(lead, values, filled)
    return Activity(lead=lead, kind=kind, at=at, text=values.get("message", ""), details=details), filled


def valid(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the lead's fields hold them."""
    lead = Lead(**values)
    lead.clean_fields(exclude=FOUND)
    return {name: getattr(lead, name) for name in values}


def fill(lead: Lead, values: Mapping[str, Any]) -> set[str]:
    """What was blank, or only derived, and now is known. Of custom attributes those that were not there."""
    given = {name: value for name, value in values.items() if name not in APART and value not in BLANK}
    marks = values.get("original", {})
    surer = {
        name for name in given if is_derived(lead.original.get(name)) and not is_derived(marks.get(name))
    }
    filled = {name for name in given if name in surer or getattr(lead, name) in BLANK}
    for name in filled:
        setattr(lead, name, given[name])
    original = {name: mark for name, mark in lead.original.items() if name not in filled}
    original |= {name: mark for name, mark in marks.items() if name in filled}
    if original != lead.original:
        lead.original = original
        filled.add("original")
    own = {**values.get("attributes", {}), **lead.attributes}
    if own != lead.attributes:
        lead.attributes = own
        filled.add("attributes")
    return filled


def details_of(lead: Lead, values: Mapping[str, Any], filled: Collection[str]) -> dict[str, Any]:
    """`from`: where the enquiry came from. `differs`: what it said that the lead has otherwise, and keeps."""
    given = {name: value for name, value in values.items() if value not in BLANK}
    differs = {
        name: plain(value)
        for name, value in given.items()
        if name not in ORIGIN | UNTOLD and name not in filled and getattr(lead, name) != value
    }
    differs |= {
        f"attributes.{key}": value
        for key, value in values.get("attributes", {}).items()
        if lead.attributes[key] != value
    }
    came = {name: plain(value) for name, value in given.items() if name in ORIGIN}
    return {name: told for name, told in (("from", came), ("differs", differs)) if told}


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Campaign):
        return value.key
    if isinstance(value, date):  # and instants
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def in_words(details: Mapping[str, Any]) -> list[str]:
    """What `details_of` kept, a sentence each."""
    kinds = (
        ("from", _("It came from: {what}.")),
        ("differs", _("It said otherwise, which was not taken over: {what}.")),
    )
    return [
        sentence.format(what="; ".join(f"{called(name)} {said(value)}" for name, value in told.items()))
        for key, sentence in kinds
        if isinstance(told := details.get(key), dict) and told
    ]


def said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        value = [f"{key} {one}" for key, one in value.items()]
    return f"“{', '.join(map(str, value)) if isinstance(value, list) else value}”"
