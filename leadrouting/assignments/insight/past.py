"""The newest leads with their facts as the rules saw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from leadrouting.assignments.facts import facts_of
from leadrouting.assignments.models import Decision
from leadrouting.assignments.supposing import row_of
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Lead
from leadrouting.teams.snapshot import people_now

REMEMBERED = 1_000
"""Up to so many leads stay in this process's memory, until another lead or decision comes."""


@dataclass(frozen=True, slots=True)
class Past:
    """One lead. `facts` are those of its newest decision, else today's; `owners` are reps by what they are to
    the lead, as known today. `created_at` is UTC."""

    lead: int
    name: str
    created_at: datetime
    facts: Mapping[str, Any]
    owners: Mapping[StepKind, int]


def past_leads(limit: int) -> tuple[Past, ...]:
    """The last `limit` leads, newest first. Two queries; two more when some were never decided about."""
    if limit > REMEMBERED:
        return read(limit)
    newest = (
        Lead.objects.aggregate(last=Max("pk"))["last"],
        Decision.objects.aggregate(last=Max("pk"))["last"],
    )
    return remembered(limit, newest)


@lru_cache(maxsize=2)
def remembered(limit: int, newest: tuple[int | None, int | None]) -> tuple[Past, ...]:
    """A decision's facts never change, so the numbers of the newest lead and decision say whether all is known."""
    return read(limit)


def read(limit: int) -> tuple[Past, ...]:
    decided = Decision.objects.filter(lead=OuterRef("pk")).order_by("-decided_at", "-pk").values("facts")[:1]
    rows = list(
        Lead.objects.order_by("-created_at", "-pk")
        .annotate(
            seen=Subquery(decided),
            keeper=Coalesce("account__owner", "account__parent__owner", "account__parent__parent__owner"),
        )
        .values_list(
            "pk",
            "name",
            "company",
            "email",
            "phone",
            "created_at",
            "seen",
            "keeper",
            "previous_owner",
        )[:limit]
    )
    undecided = facts_today([row[0] for row in rows if row[6] is None])
    return tuple(
        Past(
            lead=key,
            name=name or company or email or phone or f"Lead {key}",
            created_at=created_at,
            facts=undecided.get(key, {}) if facts is None else facts,
            owners=known(account_owner, previous_owner),
        )
        for key, name, company, email, phone, created_at, facts, account_owner, previous_owner in rows
    )


def known(account_owner: int | None, previous_owner: int | None) -> dict[StepKind, int]:
    owners = {StepKind.ACCOUNT_OWNER: account_owner, StepKind.PREVIOUS_OWNER: previous_owner}
    return {kind: rep for kind, rep in owners.items() if rep is not None}


def facts_today(leads: Sequence[int]) -> dict[int, dict[str, Any]]:
    if not leads:
        return {}
    who = people_now()
    rows = (
        Lead.objects.filter(pk__in=leads)
        .select_related("campaign", "account")
        .prefetch_related("account__domains")
    )
    return {lead.pk: facts_of(row_of(lead), who) for lead in rows}
