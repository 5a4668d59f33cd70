"""E-mail as a mailbox holds it: an enquiry, an answer, or nothing for us. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from leadrouting.intake.heard import Bounced, Heard, Mailed, Passed, Raw
from leadrouting.intake.mail.parsing import NAME, Mail, Person, taken_apart
from leadrouting.leads.enums import Channel

ROBOTS = ("mailer-daemon@", "postmaster@")
BULK = ("bulk", "list", "junk", "auto_reply")


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    """We fetched it ourselves."""
    return True


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    """`fetched`: `ours` (addresses, and domains with @) and `at` (ISO 8601), when we read it."""
    mail = taken_apart(raw.body)
    ours = {str(one) for one in fetched.get("ours", [])}
    if mail.is_report or mail.sender.address.startswith(ROBOTS):
        return [Bounced(mail.key, tuple(named_within(raw.body, mail)), mail.subject or "It came back.")]
    if why := robot(mail):
        return [Passed(mail.key, why)]
    sender = writer(mail, ours)
    if not sender.address:
        return [Passed(mail.key, "It does not say who wrote it.")]
    others = tuple(one.address for one in mail.to if not is_ours(one.address, ours))
    return [
        Mailed(
            key=mail.key,
            values=values_of(mail, sender),
            answers=tuple(mail.answers),
            to=tuple(dict.fromkeys(one.address for one in mail.to)),
            others=others,
            is_ours=is_ours(sender.address, ours),
            at=mail.sent_at or moment(fetched.get("at")),
        )
    ]


def values_of(mail: Mail, sender: Person) -> dict[str, Any]:
    is_answer = bool(mail.answers) or mail.subject.lower().startswith(("re:", "aw:", "sv:", "antw:", "rv:"))
    attached = f"(attached: {', '.join(mail.attachments)})" if mail.attachments else ""
    lines = ["" if is_answer else mail.subject, mail.text, attached]
    return {
        "channel": Channel.EMAIL,
        "name": sender.name if "@" not in sender.name else "",
        "email": sender.address,
        "message": "\n\n".join(filter(None, lines)) or mail.subject,
    }


def writer(mail: Mail, ours: Collection[str]) -> Person:
    """Whom to answer: forms on web sites write in their own name and name the visitor there."""
    if mail.reply_to is not None and not is_ours(mail.reply_to.address, ours):
        same = mail.reply_to.address == mail.sender.address
        return (
            mail.reply_to
            if mail.reply_to.name
            else Person(mail.sender.name if same else "", mail.reply_to.address)
        )
    return mail.sender


def robot(mail: Mail) -> str:
    """Why no person wrote it; empty when one may have."""
    told = mail.headers
    if told.get("Auto-Submitted", "no") != "no" or "X-Autoreply" in told or "X-Autorespond" in told:
        return "An automatic answer."
    if told.get("Precedence", "") in BULK or "List-Id" in told or "List-Unsubscribe" in told:
        return "A mailing to many."
    if told.get("Return-Path") == "<>":
        return "An automatic answer."
    return ""


def is_ours(address: str, ours: Collection[str]) -> bool:
    """Tags count as the address: sales+x@ is sales@."""
    name, _, domain = address.partition("@")
    plain = f"{name.partition('+')[0]}@{domain}"
    return bool({address, plain, f"@{domain}"} & set(ours))


def named_within(body: bytes, mail: Mail) -> list[str]:
    """The mails that a report speaks of: every Message-ID anywhere in it."""
    text = body.decode("latin-1")
    return list(dict.fromkeys([*mail.answers, *NAME.findall(text)]))[:100]


def moment(told: Any) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) and told else None
