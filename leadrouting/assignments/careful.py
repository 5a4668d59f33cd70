"""Routing that never stops at a lead that fails."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from leadrouting.assignments.orders import Order, Outcome
from leadrouting.assignments.routing import CHUNK, route_many
from leadrouting.leads.models import Lead

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(hours=1)


def routed(orders: Sequence[Order], now: datetime) -> list[Outcome]:
    """Route in the order given; a lead that fails is put off and does not hold up the others."""
    done: list[Outcome] = []
    for start in range(0, len(orders), CHUNK):
        chunk = orders[start : start + CHUNK]
        try:
            done += route_many(chunk, now)
        except Exception:
            logger.exception("Routing a chunk failed, going on one by one")
            for order in chunk:
                done += routed_or_put_off(order, now)
    return done


def routed_or_put_off(order: Order, now: datetime) -> list[Outcome]:
    try:
        return route_many([order], now)
    except Exception:
        logger.exception("A lead could not be routed and is put off", extra={"lead": order.lead})
        put_off(order.lead, now)
        return []


@transaction.atomic
def put_off(lead_id: int, now: datetime) -> None:
    """Try again later: after 2, 4, 8 ... seconds, at most an hour."""
    lead = Lead.objects.select_for_update(no_key=True).filter(pk=lead_id, owner=None).first()
    if lead is not None:
        pause = min(timedelta(seconds=2 ** min(lead.route_failures + 1, 12)), LONGEST_PAUSE)
        Lead.objects.filter(pk=lead_id).update(route_at=now + pause, route_failures=F("route_failures") + 1)
