"""Scoring leads: facts as rules see them, points as sales ops set them, and what was there before kept beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from leadrouting.assignments.facts import facts_of
from leadrouting.assignments.supposing import row_of
from leadrouting.leads.enums import CLOSED, Urgency
from leadrouting.leads.models import Lead
from leadrouting.leads.scoring import SCORED
from leadrouting.rules.scoring import Scored, scorebook
from leadrouting.teams.snapshot import people_now

DERIVED = ("score", "tier", "urgency")
RANKS = {"": 0, Urgency.LATER: 1, Urgency.SOON: 2, Urgency.NOW: 3}
CHUNK = 500


def score(leads: Iterable[Lead], **signal: Any) -> None:
    """Set score, reasons, tier and urgency of leads that are about to be saved. One query, and the score rules when
    the configuration has changed.

    What came with the lead counts: a score is where the points begin, a tier stays, the more urgent urgency wins.
    `Lead.original` keeps it, so that scoring again starts from there.
    """
    people = people_now()
    book = scorebook(people.stamp)
    for lead in leads:
        came = {name: came_as(lead, name) for name in DERIVED}
        for name, value in came.items():
            setattr(lead, name, value)
        lead.original = {name: mark for name, mark in lead.original.items() if not is_ours(mark)}
        lead.score_reasons = []
        if book.points:
            write(lead, came, book.score(facts_of(row_of(lead), people), came["score"]))


def is_ours(mark: Any) -> bool:
    return isinstance(mark, dict) and mark.get("from") == "score"


def came_as(lead: Lead, name: str) -> Any:
    """The value before scoring."""
    mark = lead.original.get(name)
    return mark["was"] if is_ours(mark) else getattr(lead, name)


def write(lead: Lead, came: dict[str, Any], scored: Scored) -> None:
    found = {
        "score": scored.points,
        "tier": came["tier"] or scored.tier,
        "urgency": max(came["urgency"], scored.urgency, key=lambda one: RANKS.get(one, 0)),
    }
    for name, value in found.items():
        if value != came[name]:
            setattr(lead, name, value)
            lead.original[name] = {"from": "score", "was": came[name]}
    lead.score_reasons = [list(reason) for reason in scored.reasons]


@transaction.atomic
def score_again(leads: Sequence[int]) -> int:
    """Of these leads those that are open; how many have another score, tier or urgency now. Nobody is moved by it."""
    watched = (*DERIVED, "score_reasons")
    changed: list[Lead] = []
    rows = (
        Lead.objects.select_for_update(no_key=True, of=("self",))
        .select_related("campaign", "account")
        .prefetch_related("account__domains")
    )
    for lead in rows.filter(pk__in=leads).exclude(status__in=CLOSED).order_by("pk"):
        before = [getattr(lead, name) for name in watched]
        score([lead])
        if before != [getattr(lead, name) for name in watched]:
            changed.append(lead)
    Lead.objects.bulk_update(changed, SCORED, batch_size=CHUNK)
    return len(changed)


def score_open_again() -> int:
    """All open leads, in portions of a transaction each. How many changed."""
    changed, last = 0, 0
    while portion := list(
        Lead.objects.exclude(status__in=CLOSED)
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:CHUNK]
    ):
        changed += score_again(portion)
        last = portion[-1]
    return changed
