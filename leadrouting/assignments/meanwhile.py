"""Whether a lead is still what somebody saw on a page that may be some seconds old."""

from __future__ import annotations

from django.utils.translation import gettext as _

from leadrouting.assignments.errors import Refused
from leadrouting.leads.models import Lead


def as_seen(lead: Lead) -> str:
    """Where the lead is, and how far: another text once it has moved or gone on."""
    return f"{lead.owner_id or ''}.{lead.queue_id or ''}.{lead.status}"


def still(lead: Lead, seen: str) -> None:
    """Raises Refused, with what the lead is now."""
    if as_seen(lead) == seen:
        return
    before, _dot, _status = seen.rpartition(".")
    if before == f"{lead.owner_id or ''}.{lead.queue_id or ''}":
        said = _("{lead} has gone on meanwhile: it is {status} now. Look at it again before you move it.")
        raise Refused(said.format(lead=lead, status=lead.get_status_display().lower()))
    if lead.owner is not None:
        said = _("{lead} has moved meanwhile: {rep} has it now. Look at it again before you move it.")
        raise Refused(said.format(lead=lead, rep=lead.owner))
    said = _("{lead} has moved meanwhile: it waits in {queue} now. Look at it again before you move it.")
    raise Refused(said.format(lead=lead, queue=lead.queue))
