"""A lead that was closed, or merged into another, is open again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from leadrouting.assignments.models import Assignment, Load
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.returning import route_afresh, take_back
from leadrouting.assignments.signals import restored
from leadrouting.leads.models import Lead


def has_left(lead: Lead) -> bool:
    """Whether there was an owner who is not there any more."""
    return lead.owner is not None and not lead.owner.is_active


def find_another(lead: Lead, held: Assignment | None, why: str, now: datetime) -> None:
    """Its owner has left: it lies in the intake queue, and on commit the rules are asked. `why` is for the decision."""
    take_back(lead.pk, held, now)
    order = Order(lead.pk, Cause.RETURN, reason=why[:200], if_unowned=True)
    transaction.on_commit(lambda: route_afresh([order], now), robust=True)


def back_with_owner(lead: Lead, since: datetime | None, now: datetime, *, ran_on: bool) -> None:
    """Its owner carries it again. Since `since` (UTC) its clocks were ended; `ran_on`: the time in between counts."""
    Load.objects.filter(pk=lead.owner_id).update(open=F("open") + 1)
    restored.send(Lead, lead=lead, since=since, now=now, ran_on=ran_on)
