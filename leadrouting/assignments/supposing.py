"""What a dry run supposes: a stored lead as it is, or one that somebody makes up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from leadrouting.assignments.asking import owners_of
from leadrouting.assignments.deciding import since
from leadrouting.assignments.facts import BLANK, COLUMNS, facts_of
from leadrouting.assignments.known import Known
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.stating import path_of, problem_of
from leadrouting.engine.model import StepKind
from leadrouting.leads.attributes import PREFIX
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.services import FIELDS, FOUND, cleaned, drafted
from leadrouting.teams.models import INTAKE
from leadrouting.teams.snapshot import people_now

__all__ = ["Supposed", "facts_of_lead", "row_of", "supposed", "supposed_lead"]

OWNERS_GIVEN = ("account_owner", "previous_owner")
"""Owners that can be made up; that of the territory follows from the place."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """A lead as routing would find it. `facts` are what rules see; `owners` are reps by what they are to it (that of its
    territory follows from the facts), and
    `had` those who had it already. It has been looking for an owner since `since` (UTC; None: it begins to now),
    and lies in the queue `hold`. `unrouted` is the name of its campaign if that one's leads are left to people.
    """

    facts: dict[str, Any]
    owners: Mapping[StepKind, int] = field(default_factory=dict)
    had: frozenset[int] = frozenset()
    since: datetime | None = None
    hold: int = INTAKE
    unrouted: str | None = None


def supposed_lead(lead: Lead, *, now: datetime) -> Supposed:
    """A stored lead, to be routed again at `now` (UTC) from where it is. One query more than its facts, campaign and account."""
    row, who = row_of(lead), people_now()
    facts = facts_of(row, who)
    spans = Assignment.objects.filter(lead=lead).order_by().values_list("rep_id", "ended_at", "end")
    held = [(rep, ended_at, end == Assignment.End.CLOSED) for rep, ended_at, end in spans]
    row |= {
        "assignment": next((rep for rep, ended_at, _ in held if ended_at is None), None),
        "last_ended_at": max((ended_at for _, ended_at, _ in held if ended_at is not None), default=None),
    }
    reopened = max((ended_at for _, ended_at, was_closed in held if was_closed and ended_at), default=None)
    return Supposed(
        facts=facts,
        owners=owners_of(row),
        had=frozenset(rep for rep, end, _ in held if end is None or reopened is None or end > reopened),
        since=since(row),
        hold=lead.queue_id or INTAKE,
        unrouted=unrouted(lead.campaign) if lead.owner_id is None else None,
    )


def facts_of_lead(lead: Lead) -> dict[str, Any]:
    """What rules see of this lead, which may be unsaved."""
    return facts_of(row_of(lead), people_now())


def supposed(given: Mapping[str, Any], *, now: datetime, known: Known | None = None) -> Supposed:
    """Lead fields (as `receive_lead` takes them), facts by their key, and `account_owner` and `previous_owner` as
    keys of reps -> a lead that arrives at `now` (UTC).

    Fields are normalised and enriched as on arrival; a fact that is given counts over one that follows. For
    many leads, `known` reads what they share once. Raises ValidationError with a message per key. Nothing is written.
    """
    known = known or Known()
    own = {key.removeprefix(PREFIX): value for key, value in given.items() if key.startswith(PREFIX)}
    values = {key: value for key, value in given.items() if key in FIELDS}
    if own and isinstance(more := values.get("attributes") or {}, Mapping):
        values["attributes"] = {**more, **own}
    owners = {key: given[key] for key in OWNERS_GIVEN if given.get(key) not in BLANK}
    plain = {
        key: value
        for key, value in given.items()
        if key not in FIELDS and key not in OWNERS_GIVEN and not key.startswith(PREFIX) and value not in BLANK
    }
    errors = {key: [wrong] for key, value in plain.items() if (wrong := problem_of(key, value, known))}
    errors |= {key: [wrong] for key, value in owners.items() if (wrong := problem_of_rep(value, known))}
    if errors:
        raise ValidationError(errors)
    lead = made_up(values, now, known)
    if isinstance(code := plain.get("territory"), str):
        plain["territory"] = path_of(code, known.who)
    row = row_of(lead) | {key: int(rep) for key, rep in owners.items()}
    facts = {**facts_of(row, known.who), **plain}
    if "account_owner" in owners:
        facts["has_account"] = True
    return Supposed(facts=facts, owners=owners_of(row), since=now, unrouted=unrouted(lead.campaign))


def made_up(values: Mapping[str, Any], now: datetime, known: Known) -> Lead:
    named = {**values, "name": values.get("name") or "A made-up lead"}
    clean = cleaned(
        named, campaign_of=known.campaign, attributes_known=lambda: known.attributes, derives=True
    )
    lead = drafted(clean, known.earlier(clean), now, account_of=known.account)
    lead.clean_fields(exclude=FOUND)
    return lead


def problem_of_rep(rep: Any, known: Known) -> str:
    is_known = str(rep).isdecimal() and int(rep) in known.who.reps
    return "" if is_known else f"There is no rep with the number “{rep}”."


def unrouted(campaign: Campaign | None) -> str | None:
    return campaign.name if campaign is not None and not campaign.is_routed else None


def row_of(lead: Lead) -> dict[str, Any]:
    account = lead.account
    return {name: getattr(lead, name) for name in COLUMNS} | {
        "campaign": lead.campaign.key if lead.campaign else None,
        "account_id": lead.account_id,
        "account_tier": account.tier if account else None,
        "account_domains": account.domain_names if account else [],
        "account_owner": account.keeper_id if account else None,
        "lifetime_value": account.lifetime_value if account else None,
        "previous_owner": lead.previous_owner_id,
        "attributes": lead.attributes,
        "created_at": lead.created_at,
    }
