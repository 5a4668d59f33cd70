"""Receiving a lead: the end of every entrance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from leadrouting.leads import normalise, suspects
from leadrouting.leads.attributes import Definitions, clean_attributes, definitions
from leadrouting.leads.identity import Earlier, Way, earlier_of, locked, one_at_a_time, way_of
from leadrouting.leads.joining import FOUND, joined, reopened
from leadrouting.leads.models import Account, Activity, Campaign, Lead
from leadrouting.leads.scoring import score
from leadrouting.leads.signals import returned

Kind = Activity.Kind

FIELDS = frozenset(
    (
        "name email phone company job_title message channel source campaign medium utm_source utm_medium "
        "utm_campaign utm_term utm_content landing_page referrer country region city postal_code language "
        "time_zone product industry company_size deal_size budget urgency priority score tier tags "
        "behaviour_events attributes external_id ad click_ids referred_by consent consent_text consent_at"
    ).split()
)
"""What an entrance may say about a lead. `campaign` is a campaign's key."""


@dataclass(frozen=True, slots=True)
class Received:
    lead: Lead
    created: bool
    """False: the enquiry joined a lead of the same person."""
    reopened: bool = False
    """It joined one that was lost, which goes on."""


def receive_lead(*, now: datetime, reply: bool = False, **values: Any) -> Received:
    """Normalise, find the account and the earlier lead, save. Routing follows on commit.

    Raises ValidationError with a message per field; nothing is saved then. By the policy of the campaign an
    enquiry by somebody who is known joins the open lead, reopens one that was lost lately, or is a new lead; see
    `identity`. An external id is one enquiry for good: sent again it joins its lead even when that is closed.
    `reply`: somebody answers us (an e-mail, a chat message). It joins the open lead as what the prospect wrote;
    without one it is an enquiry like any other.
    """
    try:
        return received(values, now, reply)
    except IntegrityError:  # the same external id was saved by somebody else a moment ago: join that lead
        return received(values, now, reply)


@transaction.atomic
def received(values: dict[str, Any], now: datetime, reply: bool = False) -> Received:
    values = cleaned(values)
    one_at_a_time([values])
    earlier = earlier_now(values)
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


def earlier_now(values: dict[str, Any]) -> Earlier | None:
    """The earlier lead, locked and as it is then: it may have been merged a moment ago."""
    while (found := earlier_of(values)) is not None:
        lead = locked([found.lead.pk]).get(found.lead.pk)
        if lead is not None and lead.merged_into_id is None:
            return Earlier(lead, found.sent_again)
    return None


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
