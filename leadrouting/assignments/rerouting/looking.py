"""What would happen to a selection, before anything does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from leadrouting.assignments.models import Rerouting
from leadrouting.assignments.orders import Outcome
from leadrouting.assignments.rerouting.choosing import is_same, orders, portion_of
from leadrouting.assignments.routing import CHUNK, route_many
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Queue, Rep

LOOKED_AT = 1_000
"""Leads of a selection that a preview tries."""


@dataclass(frozen=True, slots=True)
class Look:
    """What would happen to the first `tried` leads: how many move to whom, how many stay, how many are closed."""

    tried: int
    to: Sequence[tuple[str, int]]
    stay: int
    closed: int
    rows: Sequence[tuple[Lead, str, str]]
    """Lead, where it is, where it would be."""


def preview(made: Rerouting, now: datetime) -> Look:
    """Each portion is really routed, and rolled back: it is exact but for what happens in between."""
    to: Counter[str] = Counter()
    rows: list[tuple[Lead, str, str]] = []
    stay = closed = 0
    tried = min(made.size, LOOKED_AT)
    for start in range(0, tried, CHUNK):
        portion = list(portion_of(made, start))
        leads = {one.lead_id: one.lead for one in portion}
        with transaction.atomic():
            outcomes = {one.lead: one for one in route_many(orders(made, portion, "Preview"), now)}
            transaction.set_rollback(True)
        names = named(outcomes.values())
        for one in portion:
            lead, outcome = leads[one.lead_id], outcomes.get(one.lead_id)
            if not lead.is_open:
                closed += 1
            elif outcome is None or is_same(lead, outcome):
                stay += 1
            else:
                to[names[outcome.lead]] += 1
                rows.append((lead, where(lead), names[outcome.lead]))
    return Look(tried, to.most_common(), stay, closed, rows)


def named(outcomes: Iterable[Outcome]) -> dict[int, str]:
    found = list(outcomes)
    reps = Rep.objects.select_related("user").in_bulk({one.verdict.rep for one in found if one.verdict.rep})
    queues = Queue.objects.in_bulk({one.verdict.queue for one in found if one.verdict.queue})
    return {
        one.lead: str(reps[one.verdict.rep]) if one.verdict.rep else f"Waits in {queues[one.verdict.queue]}"
        for one in found
        if one.verdict.rep or one.verdict.queue
    }


def where(lead: Lead) -> str:
    return str(lead.owner) if lead.owner else f"Waits in {lead.queue}"
