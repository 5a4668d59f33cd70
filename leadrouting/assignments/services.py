"""Routing as other rooms ask for it: one lead, what is due, and a rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from leadrouting.assignments.careful import put_off, routed
from leadrouting.assignments.draining import route_due
from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead

__all__ = ["left_to_people", "put_off", "route", "route_all", "route_due", "route_waiting_of"]


def route(
    lead_id: int, *, now: datetime, cause: Cause = Cause.ARRIVAL, gives_way: bool = False
) -> Outcome | None:
    """Give one lead its owner. None when there was nothing to do, or it gives way to leads that wait."""
    outcomes = route_many([Order(lead_id, cause, gives_way=gives_way)], now)
    return outcomes[0] if outcomes else None


def route_all(
    lead_ids: Sequence[int], *, now: datetime, cause: Cause = Cause.SWEEP, quiet: bool = False
) -> int:
    """Route many leads in the order given; one that fails is put off and does not hold up the others.

    `quiet`: without clocks and messages, for leads of long ago. Returns how many were decided.
    """
    return len(routed([Order(lead, cause, quiet=quiet) for lead in lead_ids], now))


def left_to_people(campaign_id: int) -> QuerySet[Lead]:
    """The leads of a campaign that came while its routing was off and that nobody has taken, oldest first."""
    last = Decision.objects.filter(lead=OuterRef("pk")).order_by("-decided_at", "-id")
    return (
        Lead.objects.waiting()
        .filter(campaign=campaign_id)
        .annotate(last_cause=Subquery(last.values("cause")[:1]))
        .filter(last_cause=Cause.UNROUTED)
        .order_by("created_at", "id")
    )


def route_waiting_of(campaign_id: int, now: datetime) -> int:
    """Route the leads of a campaign that were left to people, oldest first. Returns how many were decided.

    Raises OperationalError when too many races are lost in a row; who was routed before stays routed.
    """
    left = left_to_people(campaign_id).values_list("pk", flat=True)
    orders = [Order(lead, Cause.REROUTE, if_unowned=True) for lead in left]
    return len(route_many(orders, now))
