"""Correcting what is known about a lead. Where it came from stays as it was received."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field

from leadrouting.common.places import COUNTRIES
from leadrouting.leads.attributes import definitions, merged
from leadrouting.leads.models import Lead
from leadrouting.leads.scoring import scored_anew
from leadrouting.leads.services import FIELDS, FOUND, cleaned

RECEIVED = frozenset(
    [
        "channel",
        "source",
        "campaign",
        "medium",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "landing_page",
        "referrer",
        "ad",
        "click_ids",
        "referred_by",
        "external_id",
        "message",
    ]
)
DESCRIPTIVE = FIELDS - RECEIVED
"""What people may correct later."""

IDENTITY = ("name", "email", "phone", "company", "country", "language", "external_id")


@transaction.atomic
def revise_lead(*, lead_id: int, **values: Any) -> Lead:
    """Write the values in their normal form; None empties a field. `assignments` listens and asks the rules again.

    Of `attributes` only those that are named change; None empties one, or, for `attributes` itself, all.
    Raises ValidationError with a message per field, and Lead.DoesNotExist.
    """
    if fixed := values.keys() - DESCRIPTIVE:
        raise ValidationError({name: ["This cannot be changed after a lead was received."] for name in fixed})
    lead = Lead.objects.select_for_update(no_key=True).get(pk=lead_id)
    attributes = attributes_after(lead, values.pop("attributes", {}))
    values = {name: emptied(name) if value is None else value for name, value in values.items()}
    known = {name: getattr(lead, name) for name in IDENTITY}
    if (
        known["country"] and known["country"] not in COUNTRIES
    ):  # from before codes were checked: not this person's mistake
        del known["country"]
    clean = cleaned({**known, **{name: value for name, value in values.items() if value is not None}})
    clean |= {name: None for name, value in values.items() if value is None} | {"attributes": attributes}
    if "country" not in known and "country" not in values:
        del clean["country"]
    changed = [name for name, value in clean.items() if getattr(lead, name) != value]
    for name in changed:
        setattr(lead, name, clean[name])
    lead.clean_fields(exclude=FOUND)
    if changed:
        lead.original = {name: mark for name, mark in lead.original.items() if name not in changed}
        changed = [*dict.fromkeys([*changed, "original", *scored_anew(lead)])]
        lead.save(update_fields=[*changed, "updated_at"])
    return lead


def attributes_after(lead: Lead, given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    return lead.attributes if given == {} else merged(lead.attributes, given, definitions())


def emptied(name: str) -> Any:
    """What the field holds when nothing is known: its default, or None where there is none."""
    field = Lead._meta.get_field(name)
    return field.get_default() if isinstance(field, Field) else None
