"""What an e-mail looks like: to a prospect, and to one of us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.notifications.links import to_page
from leadrouting.notifications.models import Dispatch, Message, Workflow
from leadrouting.notifications.prospects.farewells import farewell
from leadrouting.notifications.prospects.leaving import Holder, link
from leadrouting.notifications.prospects.linking import linked
from leadrouting.notifications.quick import accept_link
from leadrouting.notifications.tags import tagged
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind
from leadrouting.teams.models import User

WORDS_SHOWN = 400
"""Letters of what a prospect wrote."""


def letter(
    one: Dispatch, deadlines: Mapping[tuple[int, int], Clock], reply_to: Mapping[int, str]
) -> EmailMultiAlternatives:
    if one.message.recipient is not None:
        return to_person(one, one.message.recipient, deadlines)
    return to_prospect(one, reply_to.get(one.message.lead_id or 0))


def envelope(
    one: Dispatch, text: str, headers: Mapping[str, str], reply_to: str | None = None
) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return EmailMultiAlternatives(
        one.message.subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [one.address],
        headers={"Message-ID": f"<{one.key}@{domain}>", "X-Auto-Response-Suppress": "All", **headers},
        reply_to=[reply_to] if reply_to else [],
    )


def to_prospect(one: Dispatch, reply_to: str | None) -> EmailMultiAlternatives:
    """With the way out in its headers, and at its foot unless it is an answer."""
    message = one.message
    is_answer = message.kind == Message.Kind.ACK
    leave = link(Holder(one.address, message.lead_id or 0, message.language))
    footer = "" if is_answer else farewell(message.language)[1].footer
    headers = {
        "Auto-Submitted": "auto-replied" if is_answer else "auto-generated",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    text = f"{message.body}\n\n-- \n{footer}: {leave}" if footer else message.body
    made = envelope(one, text, headers, reply_to)
    context = {
        "message": message,
        "text": linked(message.body),
        "language": message.language or "en",
        "footer": footer,
        "leave": leave,
    }
    made.attach_alternative(render_to_string("notifications/prospect.html", context), "text/html")
    return made


def to_person(one: Dispatch, to: User, deadlines: Mapping[tuple[int, int], Clock]) -> EmailMultiAlternatives:
    """With what is only known when it is sent: the deadline, whether there is something to accept, the way to it."""
    message, lead = one.message, one.message.lead
    clock = deadlines.get((message.lead_id or 0, to.pk))
    context = {
        "message": message,
        "lead": lead,
        "asked": asked(message, lead),
        "deadline": due(clock, to) if clock else "",
        "open": to_page("lead", lead.pk) if lead else "",
        "accept": accept_link(lead, to) if lead and may_accept(lead, to) else "",
        "choices": to_page("hearing"),
    }
    made = envelope(
        one,
        render_to_string("notifications/person.txt", context).strip(),
        {"Auto-Submitted": "auto-generated"},
    )
    made.attach_alternative(render_to_string("notifications/person.html", context), "text/html")
    return made


def asked(message: Message, lead: Lead | None) -> str:
    """What a new lead wants, in their own words."""
    if lead is None or message.kind != Message.Kind.ASSIGNED:
        return ""
    return lead.message if len(lead.message) <= WORDS_SHOWN else f"{lead.message[:WORDS_SHOWN]} ..."


def may_accept(lead: Lead, to: User) -> bool:
    return lead.status == Status.ASSIGNED and lead.owner_id == to.pk


def due(clock: Clock, to: User) -> str:
    return f"Answer by {clock.due_at.astimezone(ZoneInfo(to.time_zone)):%A %d %B, %H:%M}, your time."


def answers_go_to(batch: Sequence[Dispatch]) -> dict[int, str]:
    """By lead, the campaign's address with the lead's tag. One query."""
    leads = {one.message.lead_id for one in batch if one.message.is_to_prospect}
    found = (
        Workflow.objects.filter(campaign__leads__in=leads).exclude(reply_to="")
        if leads
        else Workflow.objects.none()
    )
    return {
        lead: tagged(address, lead)
        for lead, address in found.values_list("campaign__leads", "reply_to")
        if lead in leads
    }


def running(batch: Sequence[Dispatch]) -> dict[tuple[int, int], Clock]:
    """The clock that runs against each recipient for each lead, one query."""
    leads = {one.message.lead_id for one in batch if one.message.recipient_id}
    clocks = Clock.objects.filter(lead__in=leads, wake_at__isnull=False, ended_at=None)
    return {
        (clock.lead_id, clock.rep_id): clock
        for clock in clocks.exclude(kind=Kind.ACCEPT).order_by("-due_at", "-id")
    }
