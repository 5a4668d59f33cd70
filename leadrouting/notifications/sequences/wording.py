"""What a step says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Step, Workflow
from leadrouting.notifications.prospects.expecting import expected
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.meeting import link_to
from leadrouting.notifications.prospects.surroundings import pages_of
from leadrouting.notifications.prospects.words import fill, one_line, safe_name
from leadrouting.teams.snapshot import People


@dataclass(frozen=True, slots=True)
class Said:
    title: str
    body: str


def worded(step: Step, lead: Lead, flow: Workflow, language: str, people: People, now: datetime) -> Said:
    """With the placeholders of acknowledgements filled in. What a prospect has typed is never trusted."""
    name = safe_name(lead.name)
    is_mail = step.does == Step.Does.EMAIL
    values = {
        "name": name,
        "first_name": name.split(" ")[0],
        "company": safe_name(lead.company),
        "product": safe_name(lead.product),
        "campaign": lead.campaign.name if lead.campaign else "",
        "expected": expected(lead, people, now, WORDS.get(language, WORDS["en"])) if is_mail else "",
        "our_name": flow.our_name,
        "phone": flow.phone,
        "booking_link": link_to(lead.pk) if is_mail and has_page(step, lead) else "",
    }
    return Said(one_line(fill(step.title, values))[:200] or str(lead), fill(step.body, values))


def has_page(step: Step, lead: Lead) -> bool:
    """Whether there is somewhere to choose a time, asked only for texts that speak of it."""
    return "{booking_link}" in step.body and bool(pages_of([lead]))
