"""The facts for a dry run: of a stored lead, or of one that somebody makes up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from leadrouting.assignments.facts import BLANK, COLUMNS, facts_of
from leadrouting.assignments.known import Known, people_now
from leadrouting.engine.facts import Fact, FactType, UnknownFactError
from leadrouting.engine.values import fold, reader
from leadrouting.leads.attributes import PREFIX
from leadrouting.leads.models import Lead
from leadrouting.leads.services import FIELDS, FOUND, cleaned, drafted
from leadrouting.teams.snapshot import People

__all__ = ["facts_of_lead", "facts_of_made_up", "people_now", "row_of"]

READABLE = {
    FactType.NUMBER: "a number",
    FactType.YES_NO: "yes or no",
    FactType.MOMENT: "a moment with its zone, e.g. 2026-03-04T12:00:00Z",
    FactType.SET: "a list of texts",
    FactType.PLACE: "a territory",
}


def facts_of_lead(lead: Lead) -> dict[str, Any]:
    """What rules see of this lead, which may be unsaved."""
    return facts_of(row_of(lead), people_now())


def facts_of_made_up(
    given: Mapping[str, Any], *, now: datetime, known: Known | None = None
) -> dict[str, Any]:
    """Lead fields (as `receive_lead` takes them) and facts by their key -> what rules would see.

    Fields are normalised and enriched as on arrival; a fact that is given counts over one that follows. For
    many leads, `known` reads what they share once. Raises ValidationError with a message per key. Nothing is written.
    """
    known = known or Known()
    own = {key.removeprefix(PREFIX): value for key, value in given.items() if key.startswith(PREFIX)}
    values = {key: value for key, value in given.items() if key in FIELDS}
    if own and isinstance(more := values.get("attributes") or {}, Mapping):
        values["attributes"] = {**more, **own}
    plain = {
        key: value
        for key, value in given.items()
        if key not in FIELDS and not key.startswith(PREFIX) and value not in BLANK
    }
    who = known.who
    if errors := {key: [wrong] for key, value in plain.items() if (wrong := problem_of(key, value, known))}:
        raise ValidationError(errors)
    named = {**values, "name": values.get("name") or "A made-up lead"}
    clean = cleaned(named, campaign_of=known.campaign, attributes_known=lambda: known.attributes)
    lead = drafted(clean, known.earlier(clean), now, account_of=known.account)
    lead.clean_fields(exclude=FOUND)
    if isinstance(code := plain.get("territory"), str):
        plain["territory"] = path_of(code, who)
    return {**facts_of(row_of(lead), who), **plain}


def problem_of(key: str, value: Any, known: Known) -> str:
    """Why the value cannot stand for this fact; empty when it can."""
    try:
        fact = known.facts[key]
    except UnknownFactError as error:
        return str(error)
    if fact.type is FactType.PLACE and isinstance(value, str) and not path_of(value, known.who):
        return f"There is no territory with the code “{value}”."
    if reader(fact.type)(value) is None:
        return f"“{value}” cannot be read as {READABLE.get(fact.type, 'text')}."
    return wrong_choice(fact, value)


def wrong_choice(fact: Fact, value: Any) -> str:
    known = [choice for choice, _ in fact.choices]
    if not known or fold(str(value)) in known:
        return ""
    return f"“{value}” is not one of {', '.join(known)}."


def path_of(code: str, who: People) -> list[str]:
    """The territory's code with those above it, from the root down; empty when no place lies in it."""
    for path in (*who.atlas.by_region.values(), *who.atlas.by_country.values()):
        if code in path:
            return list(path[: path.index(code) + 1])
    return []


def row_of(lead: Lead) -> dict[str, Any]:
    account = lead.account
    return {name: getattr(lead, name) for name in COLUMNS} | {
        "campaign": lead.campaign.key if lead.campaign else None,
        "account_id": lead.account_id,
        "account_tier": account.tier if account else None,
        "account_owner": account.owner_id if account else None,
        "lifetime_value": account.lifetime_value if account else None,
        "previous_owner": lead.previous_owner_id,
        "attributes": lead.attributes,
        "created_at": lead.created_at,
    }
