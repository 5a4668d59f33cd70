"""Reading the mailboxes: each mail is stored before it is marked as read, and worked off like any delivery."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from leadrouting.intake.deliveries import store
from leadrouting.intake.heard import Raw
from leadrouting.intake.mail import server
from leadrouting.intake.mail.server import Unreachable
from leadrouting.intake.models import Delivery, Kind, Mailbox

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than a reading takes: after it whoever had the mailbox is dead."""
AT_ONCE = 200
"""Mails of one reading; the rest comes with the next."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
LOOK_BACK = timedelta(days=1)
"""When a server's numbers start anew, what came since the last reading is looked at again, and a day before."""


def read_due(now: datetime) -> int:
    """Read those whose time has come, each by itself. Returns how many mails were stored."""
    due = Mailbox.objects.filter(is_active=True, read_at__lte=now).order_by("read_at", "id")
    return sum(read(pk, now) for pk in list(due.values_list("pk", flat=True)))


def read(pk: int, now: datetime) -> int:
    """Nothing when somebody else reads it just now. What goes wrong is kept with the mailbox."""
    if not Mailbox.objects.filter(pk=pk, read_at__lte=now).update(read_at=now + LEASE):
        return 0
    mailbox = Mailbox.objects.get(pk=pk)
    try:
        with server.opened(mailbox) as box:
            stored = read_on(box, mailbox, now)
    except Unreachable as error:
        failed(mailbox, str(error), now)
        return 0
    except Exception:
        logger.exception("A mailbox could not be read", extra={"mailbox": pk})
        failed(mailbox, "Something went wrong on our side; the log says what.", now)
        return 0
    Mailbox.objects.filter(pk=pk).update(read_at=now, last_read_at=now, failures=0, last_error="")
    return stored


def failed(mailbox: Mailbox, why: str, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(mailbox.failures, 8), LONGEST_PAUSE)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        read_at=now + pause, failures=min(mailbox.failures + 1, 1000), last_error=why[:400]
    )


def read_on(box: server.BaseMailBox, mailbox: Mailbox, now: datetime) -> int:
    """From where the last reading ended; the first one only looks where the end is."""
    there = server.standing(box, mailbox.folder)
    if mailbox.validity is None:
        begin(mailbox, there.validity, there.next_uid - 1)
        return 0
    if mailbox.validity == there.validity:
        new = server.uids_after(box, mailbox.last_uid)
    else:
        new = server.uids_since(box, ((mailbox.last_read_at or now) - LOOK_BACK).date())
        begin(mailbox, there.validity, min(new, default=there.next_uid) - 1)
    for uid in new[:AT_ONCE]:
        body = server.fetched(box, uid)
        keep(mailbox, uid, body, now)
        server.seen(box, uid)
    return len(new[:AT_ONCE])


def begin(mailbox: Mailbox, validity: int, last_uid: int) -> None:
    mailbox.validity, mailbox.last_uid = validity, last_uid
    mailbox.save(update_fields=["validity", "last_uid"])


@transaction.atomic
def keep(mailbox: Mailbox, uid: int, body: bytes, now: datetime) -> Delivery:
    known = {"ours": mailbox.ours, "at": now.isoformat(), "cut": len(body) >= server.MOST}
    mailbox.last_uid = uid
    mailbox.save(update_fields=["last_uid"])
    raw = Raw(body, "message/rfc822")
    return store(raw, kind=Kind.EMAIL, now=now, mailbox=mailbox, campaign=mailbox.campaign_id, known=known)


def read_now(mailbox: Mailbox, now: datetime) -> int:
    """At once, whatever pause it has, unless somebody reads it. Returns how many mails were stored."""
    Mailbox.objects.filter(pk=mailbox.pk, failures__gt=0).update(read_at=now)
    return read(mailbox.pk, now)


def tried(mailbox: Mailbox) -> str:
    """Log in and look, nothing else; the mailbox need not be saved. Raises Unreachable."""
    with server.opened(mailbox) as box:
        there = server.standing(box, mailbox.folder)
    return f"It works: “{mailbox.folder}” can be read, and the next mail will be number {there.next_uid}."
