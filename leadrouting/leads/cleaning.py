"""What an entrance says about a lead, in one form: each field by its own cleaner, problems by field."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CharField, Field, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from leadrouting.leads import normalise
from leadrouting.leads.attributes import Definitions, clean_attributes, definitions
from leadrouting.leads.enriching import derived
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.names import clean_name
from leadrouting.leads.sources import source_called

FIELDS = frozenset(
    (
        "name email phone company job_title message channel source campaign medium utm_source utm_medium "
        "utm_campaign utm_term utm_content landing_page referrer country region city postal_code language "
        "time_zone product industry company_size deal_size budget urgency priority score tier tags "
        "behaviour_events attributes external_id ad click_ids referred_by consent consent_text consent_at"
    ).split()
)
"""What an entrance may say about a lead. `campaign` is a campaign's key."""
TOLD_APART = (
    "campaign",
    "attributes",
    "click_ids",
    "tags",
    "behaviour_events",
    "external_id",
    "email",
    "phone",
)
"""Fields with cleaners of their own, which Lead's columns do not know."""
WHO = ("name", "email", "phone", "company", "external_id")
SHOWN = 500
"""Characters that are kept of what came where it cannot be used."""


@dataclass(slots=True)
class Desk:
    """One enquiry while it is cleaned. Lenient: what cannot be used is kept in `original` with the reason, and its field
    stays blank; strict: it is an error."""

    clean: dict[str, Any]
    lenient: bool
    errors: dict[str, list[str]] = field(default_factory=dict)
    original: dict[str, Any] = field(default_factory=dict)

    def refuse(self, name: str, value: Any, problem: str, instead: Any = "") -> None:
        if self.lenient:
            self.original[name] = {"came": str(value)[:SHOWN], "problem": problem}
            self.clean[name] = instead
        else:
            self.errors[name] = [problem]

    def apply(self, name: str, cleaner: Callable[[str], str]) -> None:
        """What comes out otherwise than by white space and case is kept as it came. Problems that are kept with a
        lead are everybody's, in the language of the house."""
        value = str(self.clean.get(name, ""))
        try:
            with override(settings.LANGUAGE_CODE) if self.lenient else nullcontext():
                self.clean[name] = found = cleaner(value)
        except normalise.InvalidValue as error:
            self.refuse(name, value, str(error))
        else:
            self.keep(name, value, found)

    def keep(self, name: str, came: str, now: str) -> None:
        if came.strip().casefold() != now.casefold():
            self.original[name] = came[:SHOWN]


def campaign_with_key(key: str) -> Campaign | None:
    """By its key, or by its key or name in other letters, if only one is called so. One query."""
    found = list(Campaign.objects.filter(Q(key__iexact=key) | Q(name__iexact=key))[:20])
    exact = [one for one in found if one.key == key]
    return next(iter(exact or (found if len(found) == 1 else [])), None)


def cleaned(
    values: dict[str, Any],
    campaign_of: Callable[[str], Campaign | None] = campaign_with_key,
    attributes_known: Callable[[], Definitions] = definitions,
    *,
    lenient: bool = False,
    derives: bool = False,
    source_of: Callable[[str], str] = source_called,
) -> dict[str, Any]:
    """The values in one form, with those that follow from others; `original` says what was otherwise.

    `lenient` is for entrances behind which nobody reads an error. `derives`: blanks are filled by what follows from the
    rest, as when a lead comes. What attributes and sources there are is asked only when the values hold some. Raises
    ValidationError.
    """
    desk = Desk({}, lenient)
    for name in values.keys() - FIELDS:
        desk.errors[name] = [f"There is no field “{name}”. Known fields: {', '.join(sorted(FIELDS))}."]
    desk.clean = {
        name: written(name, value) for name, value in values.items() if name in FIELDS and value is not None
    }
    campaign = from_campaign(desk, campaign_of)
    if desk.clean.get("source"):
        desk.apply("source", source_of)
    if derives:
        named(desk)
    who_and_where(desk, campaign)
    own(desk, attributes_known)
    if lenient:
        columns(desk)
    if desk.errors:
        raise ValidationError(desk.errors)
    clean = desk.clean
    clean["email_domain"] = normalise.email_domain(clean["email"])
    clean["email_kind"] = normalise.email_kind(clean["email_domain"])
    if not any(clean.get(name) for name in WHO):
        raise ValidationError(
            {NON_FIELD_ERRORS: [_("A lead needs at least one of: name, email, phone, company, external_id.")]}
        )
    if derives:
        found = derived(clean)
        clean |= {name: value for name, (value, _source) in found.items()}
        desk.original |= {name: {"from": source} for name, (_value, source) in found.items()}
        clean["original"] = desk.original
    return clean


def written(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return normalise.storable(value) if name == "message" else normalise.clean_text(value)


def from_campaign(desk: Desk, campaign_of: Callable[[str], Campaign | None]) -> Campaign | None:
    key = desk.clean.pop("campaign", "")
    if not key:
        return None
    campaign = campaign_of(key)
    if campaign is None:
        desk.refuse("campaign", key, f"There is no campaign with the key “{key}”.")
        desk.clean.pop("campaign", None)
        return None
    known = {name: getattr(campaign, name) for name in ("source", "medium", "channel", "product")}
    desk.clean |= {"campaign": campaign}
    desk.clean |= {name: value for name, value in known.items() if value and not desk.clean.get(name)}
    return campaign


def named(desk: Desk) -> None:
    """When a lead comes: who corrects a name later means it as it is written."""
    came = desk.clean.get("name", "")
    if isinstance(came, str) and (name := clean_name(came)) != came:
        desk.clean["name"] = name
        desk.original["name"] = came[:SHOWN]


def who_and_where(desk: Desk, campaign: Campaign | None) -> None:
    clean = desk.clean
    for name, cleaner in (
        ("country", normalise.clean_country),
        ("language", normalise.clean_language),
        ("time_zone", normalise.clean_zone),
        ("email", normalise.clean_email),
    ):
        desk.apply(name, cleaner)
    phone = str(clean.get("phone", ""))
    home = clean.get("country", "") or (campaign.default_country if campaign else "")
    try:
        clean["phone"], found = normalise.clean_phone(phone, home)
    except normalise.InvalidValue as error:
        desk.refuse("phone", phone, str(error))
    else:
        desk.keep("phone", phone, clean["phone"])
        clean["country"] = clean.get("country", "") or found
    if clean.get("region"):
        desk.apply("region", lambda value: normalise.clean_region(value, clean.get("country", "")))
    clean["external_id"] = clean.get("external_id") or None


def own(desk: Desk, attributes_known: Callable[[], Definitions]) -> None:
    """Custom attributes and click ids. Of a lenient enquiry the good ones stay."""
    clean = desk.clean
    if not is_plain(clean.get("click_ids", {})):
        desk.refuse(
            "click_ids", clean["click_ids"], "Give an object of names and values, e.g. {“gclid”: “abc”}.", {}
        )
    given = clean.get("attributes", {})
    if given == {}:
        return
    try:
        clean["attributes"] = clean_attributes(given, attributes_known())
    except ValidationError as error:
        problems = error.message_dict
        if not desk.lenient:
            desk.errors |= problems
            return
        good = (
            {k: v for k, v in given.items() if f"attributes.{k}" not in problems}
            if isinstance(given, dict)
            else {}
        )
        clean["attributes"] = clean_attributes(good, attributes_known())
        desk.original |= {
            name: {
                "came": str(given.get(name.removeprefix("attributes."), ""))[:SHOWN],
                "problem": " ".join(said),
            }
            for name, said in problems.items()
            if isinstance(given, dict)
        }


def columns(desk: Desk) -> None:
    """What the lead's columns cannot hold: texts are cut, the rest is left blank."""
    for name, value in list(desk.clean.items()):
        column = Lead._meta.get_field(name)
        if name in TOLD_APART or value in (None, "") or not isinstance(column, Field):
            continue
        if (
            isinstance(column, CharField)
            and not column.choices
            and column.max_length
            and isinstance(value, str)
        ):
            if len(value) > column.max_length:
                desk.refuse(name, value, "It was too long and is cut.", value[: column.max_length])
            continue
        try:
            column.clean(value, None)
        except ValidationError as error:
            blank = None if column.null else column.get_default()
            desk.refuse(name, value, " ".join(error.messages), blank)


def is_plain(told: Any) -> bool:
    """An object of a few short texts."""
    return (
        isinstance(told, dict)
        and len(told) <= 20
        and all(
            isinstance(value, str) and len(name) <= 40 and len(value) <= 500 for name, value in told.items()
        )
    )
