"""What there is to choose between two leads, field by field."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from leadrouting.assignments.errors import Refused
from leadrouting.leads.attributes import Definitions
from leadrouting.leads.attributes.saying import plainly, worded
from leadrouting.leads.joining import BLANK
from leadrouting.leads.models import Lead

FIELDS = (
    "name email phone company job_title product industry company_size deal_size budget urgency priority score tier tags "
    "behaviour_events country region city postal_code language time_zone channel source campaign medium utm_source "
    "utm_medium utm_campaign utm_term utm_content landing_page referrer ad click_ids referred_by consent"
).split()
"""Message and external id stay where they are: the message is told in the timeline, and both ids find the lead."""
FOLLOWS = {
    "email": ["email_domain", "email_kind", "account"],
    "consent": ["consent_text", "consent_at"],
    "score": ["score_reasons"],
}
"""What is chosen together with a field."""
OWN = "attributes."
LABELS = {"email": "E-mail", "ad": "Ad", "click_ids": "Click ids", "utm_source": "UTM source"} | {
    f"utm_{name}": f"UTM {name}" for name in ("medium", "campaign", "term", "content")
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both. `from_other`: what is proposed, because the kept lead says nothing there."""

    name: str
    label: str
    kept: str
    other: str
    from_other: bool

    @property
    def differs(self) -> bool:
        return self.kept != self.other


def rows(kept: Lead, other: Lead, definitions: Definitions) -> list[Row]:
    """What either of them says; what neither says is left out."""
    return [*plain_rows(kept, other), *own_rows(kept, other, definitions)]


def plain_rows(kept: Lead, other: Lead) -> Iterator[Row]:
    for name in FIELDS:
        one, two = getattr(kept, name), getattr(other, name)
        if one in BLANK and two in BLANK:
            continue
        label = LABELS.get(name) or str(capfirst(Lead._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        yield Row(name, label, said(kept, name), said(other, name), one in BLANK)


def said(lead: Lead, name: str) -> str:
    value = getattr(lead, name)
    if value in BLANK:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    show = getattr(lead, f"get_{name}_display", None)
    return str(show()) if show else plainly(value)


def own_rows(kept: Lead, other: Lead, definitions: Definitions) -> Iterator[Row]:
    for key in dict.fromkeys([*kept.attributes, *other.attributes]):
        known = definitions.get(key)
        one, two = (
            (worded(known, lead.attributes[key]) if known else plainly(lead.attributes[key]))
            if lead.attributes.get(key) not in BLANK
            else ""
            for lead in (kept, other)
        )
        label = str(capfirst(known.label)) if known else str(capfirst(key.replace("_", " ")))
        yield Row(f"{OWN}{key}", label, one, two, not one)


def chosen(kept: Lead, other: Lead, names: Collection[str]) -> dict[str, Any]:
    """By field (as the database names it) what the kept lead takes over. Raises Refused for a field unknown."""
    taken: dict[str, Any] = {}
    own = dict(kept.attributes)
    for name in names:
        if name.startswith(OWN) and (key := name.removeprefix(OWN)) in {*own, *other.attributes}:
            own.pop(key, None)
            if key in other.attributes:
                own[key] = other.attributes[key]
        elif name in FIELDS:
            for one in (name, *FOLLOWS.get(name, ())):
                attname = Lead._meta.get_field(one).attname  # type: ignore[union-attr]
                taken[attname] = getattr(other, attname)
        else:
            raise Refused(f"“{name}” is no field that can be taken over. Open the page again.")
    if own != kept.attributes:
        taken["attributes"] = own
    return {name: value for name, value in taken.items() if getattr(kept, name) != value}
