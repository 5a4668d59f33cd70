"""E-mail, by whatever EMAIL_URL names."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from leadrouting.notifications.channels.base import Begin, Channel, Later, Undeliverable, Unsure
from leadrouting.notifications.models import Dispatch, Message, Workflow
from leadrouting.notifications.prospects.farewells import farewell
from leadrouting.notifications.prospects.leaving import Holder, link
from leadrouting.notifications.prospects.linking import linked
from leadrouting.notifications.tags import tagged
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind
from leadrouting.teams.models import User


class Email(Channel):
    name = "email"
    label = "E-mail"
    has_one_peer = True
    for_people = True

    def addresses(self, users: Sequence[User]) -> Mapping[int, Sequence[str]]:
        return {one.pk: [one.email] for one in users if one.email}

    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, EmailMultiAlternatives]:
        deadlines, reply_to = running(batch), answers_go_to(batch)
        return {one.pk: mail(one, deadlines, reply_to) for one in batch}

    def send(self, dispatch: Dispatch, parcel: EmailMultiAlternatives, begin: Begin) -> str:
        with get_connection() as server:
            begin()
            try:
                server.send_messages([parcel])
            except smtplib.SMTPRecipientsRefused as error:
                raise from_code(next(iter(error.recipients.values()))) from error
            except smtplib.SMTPResponseException as error:
                raise from_code((error.smtp_code, error.smtp_error)) from error
            except OSError as error:
                raise Unsure(f"The mail server went silent: {error}") from error
        return str(parcel.extra_headers["Message-ID"])


def from_code(answer: tuple[int, bytes | str]) -> Exception:
    code, said = answer
    text = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return Undeliverable(text) if 500 <= code < 600 else Later(text)


def mail(
    one: Dispatch, deadlines: Mapping[tuple[int, int], Clock], reply_to: Mapping[int, str]
) -> EmailMultiAlternatives:
    message = one.message
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    is_answer = message.kind == Message.Kind.ACK
    headers = {
        "Message-ID": f"<{one.key}@{domain}>",
        "Auto-Submitted": "auto-replied" if is_answer else "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    tag = reply_to.get(message.lead_id or 0) if message.is_to_prospect else None
    text, leave, footer = text_of(one, deadlines), "", ""
    if message.is_to_prospect:
        leave = link(Holder(one.address, message.lead_id or 0, message.language))
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        footer = "" if is_answer else farewell(message.language)[1].footer
    made = EmailMultiAlternatives(
        message.subject,
        f"{text}\n\n-- \n{footer}: {leave}" if footer else text,
        settings.DEFAULT_FROM_EMAIL,
        [one.address],
        headers=headers,
        reply_to=[tag] if tag else [],
    )
    if message.is_to_prospect:
        made.attach_alternative(
            render_to_string(
                "notifications/prospect.html",
                {
                    "message": message,
                    "text": linked(text),
                    "language": message.language or "en",
                    "footer": footer,
                    "leave": leave,
                },
            ),
            "text/html",
        )
    return made


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


def text_of(one: Dispatch, deadlines: Mapping[tuple[int, int], Clock]) -> str:
    """The message with what is only known when it is sent: the deadline, and the way to the lead."""
    message, to = one.message, one.message.recipient
    lines = [message.body]
    if to is not None and message.lead_id is not None:
        if clock := deadlines.get((message.lead_id, to.pk)):
            lines.append(
                f"Answer by {clock.due_at.astimezone(ZoneInfo(to.time_zone)):%A %d %B, %H:%M}, your time."
            )
        lines.append(f"{settings.SITE_URL}/leads/{message.lead_id}/")
    return "\n\n".join(lines)
