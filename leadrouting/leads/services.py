"""Receiving a lead: the end of every entrance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from leadrouting.leads import normalise
from leadrouting.leads.attributes import Definitions, clean_attributes, definitions
from leadrouting.leads.enums import CLOSED
from leadrouting.leads.models import Account, Activity, Campaign, Lead

FIELDS = frozenset(
    (
        "name email phone company job_title message channel source campaign medium utm_source utm_medium "
        "utm_campaign utm_term utm_content landing_page referrer country region city postal_code language "
        "time_zone product industry company_size deal_size budget urgency priority score tier tags "
        "behaviour_events attributes external_id ad click_ids referred_by consent consent_text consent_at"
    ).split()
)
"""What an entrance may say about a lead. `campaign` is a campaign's key."""
FOUND = ["owner", "queue", "campaign", "account", "previous_owner"]  # rows that are known to exist


@dataclass(frozen=True, slots=True)
class Received:
    lead: Lead
    created: bool
    """False: the enquiry joined an open lead of the same person."""


def receive_lead(*, now: datetime, **values: Any) -> Received:
    """Normalise, find the account and the earlier lead, save. Routing follows on commit.

    Raises ValidationError with a message per field; nothing is saved then. An enquiry by somebody whose
    lead is still open joins that lead: it stays with its owner. An external id is one enquiry for good: sent
    again it joins its lead even when that is closed.
    """
    try:
        return received(values, now)
    except IntegrityError:  # the same external id was saved by somebody else a moment ago: join that lead
        return received(values, now)


@transaction.atomic
def received(values: dict[str, Any], now: datetime) -> Received:
    values = cleaned(values)
    one_at_a_time(values)
    earlier = earlier_lead(values)
    if earlier is not None and (earlier.is_open or is_sent_again(earlier, values)):
        return Received(joined(earlier, values, now), created=False)
    lead = drafted(values, earlier, now)
    lead.clean_fields(exclude=FOUND)
    lead.save()
    return Received(lead, created=True)


def one_at_a_time(values: dict[str, Any]) -> None:
    """Until the transaction ends, another enquiry of the same person waits here, and then joins this lead."""
    keys = sorted(f"{name}:{values[name]}" for name in ("email", "phone", "external_id") if values.get(name))
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) key ORDER BY key",
                [keys],
            )


def is_sent_again(earlier: Lead, values: dict[str, Any]) -> bool:
    return earlier.external_id is not None and earlier.external_id == values["external_id"]


def account_with_domain(domain: str) -> Account | None:
    return Account.objects.filter(domain=domain).first()


def campaign_with_key(key: str) -> Campaign | None:
    return Campaign.objects.filter(key=key).first()


def drafted(
    values: dict[str, Any],
    earlier: Lead | None,
    now: datetime,
    account_of: Callable[[str], Account | None] = account_with_domain,
) -> Lead:
    """The unsaved lead, with what is known about its account and its earlier enquiry."""
    lead = Lead(**values, created_at=now, queued_at=now)
    lead.account = account_of(lead.email_domain) if lead.email_kind == "business" else None
    lead.is_repeat = earlier is not None
    lead.previous_owner_id = earlier.owner_id if earlier else None
    return lead


def cleaned(
    values: dict[str, Any],
    campaign_of: Callable[[str], Campaign | None] = campaign_with_key,
    attributes_known: Callable[[], Definitions] = definitions,
) -> dict[str, Any]:
    """The values in one form, with those that follow from others. Raises ValidationError.

    What attributes there are is asked only when the values hold some.
    """
    errors: dict[str, list[str]] = {
        name: [f"There is no field “{name}”. Known fields: {', '.join(sorted(FIELDS))}."]
        for name in values.keys() - FIELDS
    }
    clean = {
        name: normalise.clean_text(value) if isinstance(value, str) and name != "message" else value
        for name, value in values.items()
        if name in FIELDS and value is not None
    }
    clean["country"] = country_in(clean, errors)
    for name, clean_one in (("language", normalise.clean_language), ("time_zone", normalise.clean_zone)):
        try:
            clean[name] = clean_one(str(clean.get(name, "")))
        except normalise.InvalidValue as error:
            errors[name] = [str(error)]
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
    if region := clean.get("region"):
        try:
            clean["region"] = normalise.clean_region(str(region), clean["country"])
        except normalise.InvalidValue as error:
            errors["region"] = [str(error)]
    if key := clean.pop("campaign", ""):
        campaign = campaign_of(key)
        if campaign is None:
            errors["campaign"] = [f"There is no campaign with the key “{key}”."]
        else:
            clean |= {k: v for k, v in from_campaign(campaign).items() if not clean.get(k)}
    if not is_plain(clean.get("click_ids", {})):
        errors["click_ids"] = ["Give an object of names and values, e.g. {“gclid”: “abc”}."]
    if clean.get("attributes", {}) != {}:
        try:
            clean["attributes"] = clean_attributes(clean["attributes"], attributes_known())
        except ValidationError as error:
            errors |= error.message_dict
    if errors:
        raise ValidationError(errors)
    clean["email_domain"] = normalise.email_domain(clean["email"])
    clean["email_kind"] = normalise.email_kind(clean["email_domain"])
    if not any(clean.get(name) for name in ("name", "email", "phone", "company", "external_id")):
        raise ValidationError(
            {NON_FIELD_ERRORS: ["A lead needs at least one of: name, email, phone, company, external_id."]}
        )
    return clean


def is_plain(told: Any) -> bool:
    """An object of a few short texts."""
    return (
        isinstance(told, dict)
        and len(told) <= 20
        and all(
            isinstance(value, str) and len(name) <= 40 and len(value) <= 500 for name, value in told.items()
        )
    )


def country_in(clean: dict[str, Any], errors: dict[str, list[str]]) -> str:
    try:
        return normalise.clean_country(str(clean.get("country", "")))
    except normalise.InvalidValue as error:
        errors["country"] = [str(error)]
        return ""


def from_campaign(campaign: Campaign) -> dict[str, Any]:
    known = {name: getattr(campaign, name) for name in ("source", "medium", "channel", "product")}
    return {"campaign": campaign, **{name: value for name, value in known.items() if value}}


def earlier_lead(values: dict[str, Any]) -> Lead | None:
    """The lead of the same external id, else the same person's newest by e-mail or phone, an open one first."""
    if values.get("external_id") and (
        exact := Lead.objects.filter(external_id=values["external_id"]).first()
    ):
        return exact
    same = Q()
    for name in ("email", "phone"):
        if values.get(name):
            same |= Q(**{name: values[name]})
    if not same:
        return None
    found = Lead.objects.filter(same).order_by("-created_at", "-id")
    return found.exclude(status__in=CLOSED).first() or found.first()


def joined(lead: Lead, values: dict[str, Any], now: datetime) -> Lead:
    """Write a repeat enquiry into the timeline of the open lead, and fill its blanks; nothing is overwritten."""
    lead = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    values = {**values, "attributes": {**values.get("attributes", {}), **lead.attributes}}
    blank = [name for name, value in values.items() if value and not getattr(lead, name)]
    filled = {*blank, "attributes"} if values["attributes"] != lead.attributes else set(blank)
    for name in filled:
        setattr(lead, name, values[name])
    if filled:
        lead.save(update_fields=[*filled, "updated_at"])
    Activity.objects.create(lead=lead, kind=Activity.Kind.ENQUIRY, at=now, text=values.get("message", ""))
    return lead
