"""E-mail, by whatever EMAIL_URL names."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping, Sequence

from django.core.mail import EmailMultiAlternatives, get_connection

from leadrouting.notifications.channels.base import Begin, Channel, Later, Undeliverable, Unsure
from leadrouting.notifications.letters import answers_go_to, letter, running
from leadrouting.notifications.models import Dispatch
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
        return {one.pk: letter(one, deadlines, reply_to) for one in batch}

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
