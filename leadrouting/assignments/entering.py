"""Leads that people enter by hand: routed like any other, or kept by who entered them, as the campaign says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.routing import route_many
from leadrouting.leads.enums import Channel
from leadrouting.leads.services import Received, receive_lead
from leadrouting.teams.models import Rep, User


@transaction.atomic
def enter(*, by: User, now: datetime, **values: Any) -> Received:
    """As `receive_lead`, by hand. What joins a lead that is there goes where that one is. Raises ValidationError."""
    received = receive_lead(now=now, **{"channel": Channel.MANUAL, **values})
    campaign = received.lead.campaign
    keeps = received.created and campaign is not None and campaign.keeps_entered
    if keeps and campaign is not None and Rep.objects.filter(pk=by.pk, is_active=True).exists():
        route_many([Order(received.lead.pk, Cause.ENTERED, by.pk, campaign.name[:200], to=by.pk)], now)
    return received
