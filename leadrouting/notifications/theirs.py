"""Leads, locked, for those who may speak for them."""

from __future__ import annotations

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.ownership import lock, may_manage
from leadrouting.leads.models import Lead
from leadrouting.teams.models import User


def theirs(lead_id: int, by: User, otherwise: str) -> Lead:
    """For the owner, the team's manager and sales ops, closed or not. Raises Refused, and NotYours, which says
    `otherwise`."""
    lead = lock(lead_id)
    if lead is None:
        raise Refused("This lead does not exist.")
    if lead.owner_id != by.pk and not may_manage(lead, by):
        raise NotYours(otherwise)
    return lead
