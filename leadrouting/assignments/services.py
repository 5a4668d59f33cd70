"""Routing as other rooms ask for it: one lead, what is due, and a rehearsal."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery

from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.routing import CHUNK, route_many
from leadrouting.leads.models import Lead

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(hours=1)


def route(lead_id: int, *, now: datetime, cause: Cause = Cause.ARRIVAL) -> Outcome | None:
    """Give one lead its owner. None when there was nothing to do."""
    outcomes = route_many([Order(lead_id, cause)], now)
    return outcomes[0] if outcomes else None


def route_all(
    lead_ids: Sequence[int], *, now: datetime, cause: Cause = Cause.SWEEP, quiet: bool = False
) -> int:
    """Route many leads in the order given; one that fails is put off and does not hold up the others.

    `quiet`: without clocks and messages, for leads of long ago. Returns how many were decided.
    """
    done = 0
    for start in range(0, len(lead_ids), CHUNK):
        chunk = lead_ids[start : start + CHUNK]
        try:
            done += len(route_many([Order(lead, cause, quiet=quiet) for lead in chunk], now))
        except Exception:
            logger.exception("Routing a chunk failed, going on one by one")
            done += sum(route_or_put_off(lead, now, cause, quiet) for lead in chunk)
    return done


def route_or_put_off(lead_id: int, now: datetime, cause: Cause, quiet: bool = False) -> int:
    try:
        return len(route_many([Order(lead_id, cause, quiet=quiet)], now))
    except Exception:
        logger.exception("A lead could not be routed and is put off", extra={"lead": lead_id})
        put_off(lead_id, now)
        return 0


@transaction.atomic
def put_off(lead_id: int, now: datetime) -> None:
    """Try again later: after 2, 4, 8 ... seconds, at most an hour."""
    lead = Lead.objects.select_for_update(no_key=True).filter(pk=lead_id, owner=None).first()
    if lead is not None:
        pause = min(timedelta(seconds=2 ** min(lead.route_failures + 1, 12)), LONGEST_PAUSE)
        Lead.objects.filter(pk=lead_id).update(route_at=now + pause, route_failures=F("route_failures") + 1)


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


def route_due(now: datetime, limit: int = CHUNK) -> int:
    """Route what no signal saw and what is due to be tried again, oldest due first. Returns how many were due."""
    due = list(
        Lead.objects.filter(route_at__lte=now).order_by("route_at", "id").values_list("id", flat=True)[:limit]
    )
    route_all(due, now=now)
    return len(due)
