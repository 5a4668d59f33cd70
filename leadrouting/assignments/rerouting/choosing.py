"""Which leads, and what is asked of routing for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Rerouted, Rerouting
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.routing import CHUNK
from leadrouting.leads.models import Lead
from leadrouting.teams.models import User

MOST = 50_000
"""Leads of one selection."""


@transaction.atomic
def select(leads: QuerySet[Lead], *, by: User, now: datetime) -> Rerouting:
    """Keep which leads were chosen, oldest first. Raises Refused, NotYours."""
    may_reroute(by)
    chosen = leads.order_by().values_list("pk", flat=True)
    size = chosen.count()
    if not size:
        raise Refused("Choose the leads first.")
    if size > MOST:
        raise Refused(
            f"These are {size:,} leads; {MOST:,} can be moved at once. Narrow the list with its filters."
        )
    made = Rerouting.objects.create(by=by, made_at=now, size=size)
    in_order = (
        Lead.objects.filter(pk__in=list(chosen))
        .annotate(place=Window(RowNumber(), order_by=[F("created_at").asc(), F("pk").asc()]))
        .values_list("pk", "place")
    )
    Rerouted.objects.bulk_create(
        (Rerouted(rerouting=made, lead_id=lead, position=place) for lead, place in in_order), batch_size=1000
    )
    return made


def may_reroute(by: User) -> None:
    if not by.is_ops:
        raise NotYours("Only sales ops can re-route many leads at once.")


def portion_of(made: Rerouting, after: int) -> QuerySet[Rerouted]:
    following = made.leads.filter(position__gt=after, position__lte=after + CHUNK)
    return following.select_related("lead__owner__user", "lead__queue").order_by("position")


def orders(made: Rerouting, portion: Iterable[Rerouted], reason: str) -> list[Order]:
    """Each falls away when the lead has moved since it was read, or would stay where it is."""
    held = dict(
        Assignment.objects.filter(lead__in=[one.lead_id for one in portion], ended_at=None).values_list(
            "lead", "pk"
        )
    )
    return [
        Order(
            lead=one.lead_id,
            cause=Cause.REASSIGN if made.to_rep_id or made.to_queue_id else Cause.REROUTE,
            actor=made.by_id,
            reason=reason,
            moves_from=held.get(one.lead_id),
            to=made.to_rep_id,
            to_queue=made.to_queue_id,
            if_unowned=one.lead_id not in held,
            if_elsewhere=True,
        )
        for one in portion
        if one.lead.is_open
    ]


def is_same(lead: Lead, outcome: Outcome) -> bool:
    return (outcome.verdict.rep, outcome.verdict.queue) == (lead.owner_id, lead.queue_id)


def counts(made: Rerouting) -> dict[str, int]:
    """By state, in words."""
    rows = made.leads.order_by().values_list("state").annotate(leads=Count("pk"))
    known = dict(rows)
    return {label: known[state] for state, label in Rerouted.State.choices if state in known}
