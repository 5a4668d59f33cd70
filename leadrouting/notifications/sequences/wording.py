"""What a step says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Step, Workflow
from leadrouting.notifications.prospects.expecting import expected
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.meeting import link_to
from leadrouting.notifications.prospects.values import values_of
from leadrouting.notifications.prospects.words import fill, one_line
from leadrouting.teams.snapshot import People


@dataclass(frozen=True, slots=True)
class Said:
    title: str
    body: str


def worded(
    step: Step, lead: Lead, flow: Workflow, language: str, people: People, now: datetime, has_page: bool
) -> Said:
    """With the placeholders of acknowledgements filled in. `has_page`: there is somewhere to choose a time."""
    is_mail = step.does == Step.Does.EMAIL
    values = values_of(
        lead,
        flow,
        campaign=lead.campaign.name if lead.campaign else "",
        expected=expected(lead, people, now, WORDS.get(language, WORDS["en"])) if is_mail else "",
        booking_link=link_to(lead.pk) if is_mail and has_page else "",
    )
    return Said(one_line(fill(step.title, values))[:200] or str(lead), fill(step.body, values))


def speaks_of_page(step: Step) -> bool:
    return step.does == Step.Does.EMAIL and "{booking_link}" in step.body
