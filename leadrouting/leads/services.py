"""Receiving a lead: the end of every entrance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from leadrouting.leads import normalise
from leadrouting.leads.enums import CLOSED
from leadrouting.leads.models import Account, Activity, Campaign, Lead

FIELDS = frozenset(
    ["name", "email", "phone", "company", "job_title", "message", "channel", "source", "campaign", "medium", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "landing_page", "referrer", "country", "region", "city", "postal_code", "language", "time_zone", "product", "industry", "company_size", "deal_size", "budget", "urgency", "priority", "score", "tier", "tags", "behaviour_events", "attributes", "external_id"]
)
"""What an entrance may say about a lead. `campaign` is a campaign's key."""


@dataclass(frozen=True, slots=True)
class Received:
    lead: Lead
    created: bool
    """False: the enquiry joined an open lead of the same person."""


@transaction.atomic
def receive_lead(*, now: datetime, **values: Any) -> Received:
    """Normalise, find the account and the earlier lead, save. Routing follows on commit.

    Raises ValidationError with a message per field; nothing is saved then. An enquiry by somebody whose
    lead is still open joins that lead: it stays with its owner.
    """
    values = cleaned(values)
    earlier = earlier_lead(values)
    if earlier is not None and earlier.status not in CLOSED:
        return Received(joined(earlier, values, now), created=False)
    lead = Lead(**values, created_at=now)
    lead.account = (
        Account.objects.filter(domain=lead.email_domain).first() if lead.email_kind == "business" else None
    )
    lead.is_repeat = earlier is not None
    lead.previous_owner = earlier.owner if earlier else None
    lead.clean_fields(exclude=["owner", "queue"])
    lead.save()
    return Received(lead, created=True)


def cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """The values in one form, with those that follow from others. Raises ValidationError."""
    errors: dict[str, list[str]] = {
        name: [f"There is no field “{name}”. Known fields: {', '.join(sorted(FIELDS))}."]
        for name in values.keys() - FIELDS
    }
    clean = {
        name: normalise.clean_text(value) if isinstance(value, str) and name != "message" else value
        for name, value in values.items()
        if name in FIELDS and value is not None
    }
    clean["country"] = str(clean.get("country", "")).upper()
    clean["language"] = str(clean.get("language", "")).lower()
    clean["external_id"] = clean.get("external_id") or None
    try:
        clean["email"] = normalise.clean_email(str(clean.get("email", "")))
    except normalise.InvalidValue as error:
        errors["email"] = [str(error)]
    try:
        clean["phone"], country = normalise.clean_phone(str(clean.get("phone", "")), clean["country"])
        clean["country"] = clean["country"] or country
    except normalise.InvalidValue as error:
        errors["phone"] = [str(error)]
    if key := clean.pop("campaign", ""):
        campaign = Campaign.objects.filter(key=key).first()
        if campaign is None:
            errors["campaign"] = [f"There is no campaign with the key “{key}”."]
        else:
            clean = {**from_campaign(campaign), **{k: v for k, v in clean.items() if v != ""}}
    if errors:
        raise ValidationError(errors)
    clean["email_domain"] = normalise.email_domain(clean["email"])
    clean["email_kind"] = normalise.email_kind(clean["email_domain"])
    if not any(clean.get(name) for name in ("name", "email", "phone", "company", "external_id")):
        raise ValidationError(
            {"email": ["A lead needs at least one of: name, email, phone, company, external_id."]}
        )
    return clean


def from_campaign(campaign: Campaign) -> dict[str, Any]:
    known = {name: getattr(campaign, name) for name in ("source", "medium", "channel", "product")}
    return {"campaign": campaign, **{name: value for name, value in known.items() if value}}


def earlier_lead(values: dict[str, Any]) -> Lead | None:
    """The newest lead of the same person: by external id, e-mail or phone; an open one before a closed one."""
    same = Q()
    for name in ("external_id", "email", "phone"):
        if values.get(name):
            same |= Q(**{name: values[name]})
    if not same:
        return None
    found = Lead.objects.filter(same).order_by("-created_at", "-id")
    return found.exclude(status__in=CLOSED).first() or found.first()


def joined(lead: Lead, values: dict[str, Any], now: datetime) -> Lead:
    """Write a repeat enquiry into the timeline of the open lead, and fill its blanks; nothing is overwritten."""
    lead = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    filled = [name for name, value in values.items() if value and not getattr(lead, name)]
    for name in filled:
        setattr(lead, name, values[name])
    if filled:
        lead.save(update_fields=[*filled, "updated_at"])
    Activity.objects.create(lead=lead, kind=Activity.Kind.ENQUIRY, at=now, text=values.get("message", ""))
    return lead
