"""The link by which a prospect chooses a time: it holds for good, and leads to the page of whoever has the lead then."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.utils.crypto import constant_time_compare

from leadrouting.leads.enums import Urgency
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Workflow
from leadrouting.notifications.prospects.surroundings import pages_of
from leadrouting.notifications.prospects.words import safe_name
from leadrouting.notifications.tags import signature, tag

SALT = "leadrouting.notifications.prospects.meeting"
TOKEN = re.compile(r"(\d{1,18})-([0-9a-f]{20})")
RANK = {Urgency.LATER: 1, Urgency.SOON: 2, Urgency.NOW: 3}
HOPS = 20
"""Leads merged into one another that are followed."""
CALENDLY, CAL = ("calendly.com",), ("cal.com", "cal.eu")


def link_to(lead_id: int) -> str:
    return f"{settings.SITE_URL}/meet/{lead_id}-{signature(lead_id, SALT)}/"


def lead_behind(token: str) -> Lead | None:
    """The lead, or the one that it was merged into. None for a link that we did not make, and for a lead that is gone."""
    found = TOKEN.fullmatch(token)
    if found is None or not constant_time_compare(found[2], signature(int(found[1]), SALT)):
        return None
    leads = Lead.objects.select_related("campaign__workflow")
    lead = leads.filter(pk=int(found[1])).first()
    for _ in range(HOPS):
        if lead is None or lead.merged_into_id is None:
            return lead
        lead = leads.filter(pk=lead.merged_into_id).first()
    return None


def is_keen(lead: Lead, workflow: Workflow) -> bool:
    """Whether the campaign offers this lead a link. What it does not ask for does not count."""
    if not workflow.offers_meeting:
        return False
    if workflow.meeting_score is not None and (lead.score is None or lead.score < workflow.meeting_score):
        return False
    wanted = RANK.get(Urgency(workflow.meeting_urgency), 0) if workflow.meeting_urgency else 0
    return RANK.get(Urgency(lead.urgency), 0) >= wanted if lead.urgency else not wanted


def page_of(lead: Lead) -> str:
    """Where to choose a time right now, with what is known filled in; empty when there is no such page."""
    page = pages_of([lead]).get(lead.pk, "") if lead.is_open else ""
    return filled(page, lead) if page.lower().startswith("https://") else ""


def filled(page: str, lead: Lead) -> str:
    """Name and address go to services that we know alone, with a tag by which the booking comes back to its lead."""
    host = (urlsplit(page).hostname or "").lower()
    if belongs(host, CALENDLY):
        lead_is = "utm_content"
    elif belongs(host, CAL):
        lead_is = "metadata[lead]"
    else:
        return page
    parts = urlsplit(page)
    own = parse_qsl(parts.query, keep_blank_values=True)
    known = {"name": safe_name(lead.name), "email": lead.email, lead_is: tag(lead.pk)}
    added = [(name, value) for name, value in known.items() if value and name not in dict(own)]
    return urlunsplit(parts._replace(query=urlencode([*own, *added])))


def belongs(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in domains)
