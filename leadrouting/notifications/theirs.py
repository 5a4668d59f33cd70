"""Leads, locked, for those who may speak for them."""

from __future__ import annotations

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.ownership import may_manage
from leadrouting.leads.models import Lead
from leadrouting.teams.models import User


def theirs(lead_id: int, by: User, otherwise: str) -> Lead:
    """For the owner, the team's manager and sales ops, closed or not. Raises Refused, and NotYours, which says
    `otherwise`."""
    lead = locked(lead_id)
    if lead is None:
        raise Refused("This lead does not exist.")
    if lead.owner_id != by.pk and not may_manage(lead, by):
        raise NotYours(otherwise)
    return lead


def locked(lead_id: int) -> Lead | None:
    """With its owner's team and its queue, by which it is known who may manage it."""
    rows = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("owner__team", "queue")
    return rows.filter(pk=lead_id).first()
