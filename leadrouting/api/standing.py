"""A lead with where it stands and why, for the answers of the calls that move it."""

from __future__ import annotations

from typing import Any

from leadrouting.api.selectors import why
from leadrouting.leads.models import Lead
from leadrouting.notifications.optouts import with_refusals
from leadrouting.sla.models import Clock
from leadrouting.sla.pausing import open_pause
from leadrouting.sla.standing import with_standing


def explained(lead: Lead) -> Any:
    """The lead with its latest decision's number and sentence, its open clocks, and its pause."""
    known = why(lead)
    clocks = list(Clock.objects.filter(lead=lead, ended_at=None).select_related("policy"))
    paused = open_pause(lead.pk)
    vars(lead).update(decision=known.decision, reason=known.reason, open_clocks=clocks, paused=paused)
    return lead


def standing(lead_id: int) -> Any:
    """For whoever moved the lead, who may not see it any more."""
    return explained(with_refusals(with_standing(Lead.objects.all())).get(pk=lead_id))
