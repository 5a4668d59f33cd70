"""How leads of the past ended: entered for many at once, and nobody hears of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, F, Value, When

from leadrouting.assignments.errors import NotYours
from leadrouting.assignments.giving import give_back_junk
from leadrouting.assignments.models import Load
from leadrouting.assignments.ownership import why_not_closed, written
from leadrouting.assignments.signals import closed
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import User

WRITTEN = ["status", "closed_at", "route_at", "revenue", "lost_reason", "updated_at"]


@dataclass(frozen=True, slots=True)
class Ended:
    """`at` is UTC. A lead that was won has its revenue."""

    lead: int
    outcome: str
    at: datetime
    revenue: Decimal | None = None
    reason: str = ""


@transaction.atomic
def close_past(endings: Sequence[Ended], *, by: User, now: datetime) -> dict[int, str]:
    """As `ownership.close` for each, for sales ops, but no event is written: nothing is news that ended long ago.

    Returns by lead why it could not be closed. The number of queries does not grow with the leads, but for clocks that
    run. Raises NotYours.
    """
    if not by.is_ops:
        raise NotYours("Only sales ops enter how leads of the past ended.")
    wanted = {one.lead: one for one in endings}
    locked = Lead.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    leads = {lead.pk: lead for lead in locked}
    problems = {
        pk: why
        for pk, one in wanted.items()
        if (why := why_not_closed(leads.get(pk), one.outcome, one.revenue))
    }
    done = [lead for pk, lead in leads.items() if pk not in problems]
    entries: list[Activity] = []
    for lead in done:
        one = wanted[lead.pk]
        entries.append(written(lead, one.outcome, one.at, one.revenue, one.reason, by))
        lead.updated_at = now
    if done:
        Lead.objects.bulk_update(done, WRITTEN)
        give_back_junk([lead.pk for lead in done if lead.owner_id and lead.status == Status.JUNK])
        free(done)
        Activity.objects.bulk_create(entries)
        closed.send(Lead, ended={lead.pk: wanted[lead.pk].at for lead in done})
    return problems


def free(leads: Sequence[Lead]) -> None:
    """The capacity of their owners, who are locked in their order."""
    had = Counter(lead.owner_id for lead in leads if lead.owner_id is not None)
    loads = Load.objects.filter(pk__in=had)
    if list(loads.select_for_update(no_key=True).order_by("pk").values_list("pk")):
        loads.update(open=F("open") - Case(*fewer(had), default=Value(0)))


def fewer(had: Counter[int]) -> Iterator[When]:
    yield from (When(pk=rep, then=Value(number)) for rep, number in had.items())
