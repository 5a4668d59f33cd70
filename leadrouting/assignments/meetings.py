"""Meetings that prospects book by themselves."""

from __future__ import annotations

from django.db import transaction

from leadrouting.assignments.ownership import advance
from leadrouting.leads.enums import WORKED, Status
from leadrouting.leads.models import Lead


@transaction.atomic
def meeting_booked(lead_id: int) -> None:
    """An owned lead comes to the stage of meetings. It was not the owner who did this, so clocks go on."""
    lead = Lead.objects.select_for_update(no_key=True, of=("self",)).filter(pk=lead_id).first()
    if lead is None or lead.owner_id is None or lead.status not in WORKED:
        return
    if lead.status != Status.MEETING:
        advance(lead, Status.MEETING)
