"""What stands for the placeholders in texts to a prospect."""

from __future__ import annotations

from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Workflow
from leadrouting.notifications.prospects.words import safe_name


def values_of(
    lead: Lead, workflow: Workflow, *, campaign: str, expected: str, booking_link: str
) -> dict[str, str]:
    """By the names in `words.PLACEHOLDERS`. What a prospect has typed is never trusted."""
    name = safe_name(lead.name)
    return {
        "name": name,
        "first_name": name.split(" ")[0],
        "company": safe_name(lead.company),
        "product": safe_name(lead.product),
        "campaign": campaign,
        "expected": expected,
        "our_name": workflow.our_name,
        "phone": workflow.phone,
        "booking_link": booking_link,
    }
