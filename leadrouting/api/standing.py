"""A lead with where it stands and why, for the answers of the calls that move it."""

from __future__ import annotations

from typing import Any

from leadrouting.api.selectors import why, with_standing
from leadrouting.leads.models import Lead


def explained(lead: Lead) -> Any:
    """The lead with its latest decision's number and sentence."""
    known = why(lead)
    vars(lead).update(decision=known.decision, reason=known.reason)
    return lead


def standing(lead_id: int) -> Any:
    """For whoever moved the lead, who may not see it any more."""
    return explained(with_standing(Lead.objects.all()).get(pk=lead_id))
