"""E-mail, by whatever EMAIL_URL names."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from leadrouting.notifications.channels.base import Begin, Channel, Later, Undeliverable, Unsure
from leadrouting.notifications.models import Dispatch
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind


class Email(Channel):
    name = "email"
    label = "E-mail"
    has_one_peer = True

    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, EmailMultiAlternatives]:
        deadlines = running(batch)
        return {one.pk: mail(one, deadlines) for one in batch}

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


def mail(one: Dispatch, deadlines: Mapping[tuple[int, int], Clock]) -> EmailMultiAlternatives:
    message = one.message
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{one.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMultiAlternatives(
        message.subject, text_of(one, deadlines), settings.DEFAULT_FROM_EMAIL, [one.address], headers=headers
    )


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
