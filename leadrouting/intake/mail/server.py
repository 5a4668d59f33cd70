"""Talking to a mail server. Never inside a transaction; what goes wrong is said in words, without the password."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxLoginError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)
from imap_tools.errors import MailboxFolderSelectError

from leadrouting.intake.models import Mailbox

PATIENCE = 20
"""Seconds for each answer."""
MOST = 5_000_000
"""Bytes of a mail that are kept: the words come before what is attached."""


class Unreachable(Exception):
    """The mailbox cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the folder has come: `validity` changes when its numbers start anew, `next_uid` is the next mail's."""

    validity: int
    next_uid: int


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """Logged in, with the folder chosen. Raises Unreachable, also for what goes wrong inside."""
    try:
        with closing(connected(mailbox)) as box:
            box.login(mailbox.username, mailbox.password, initial_folder=None)
            chosen(box, mailbox.folder)
            yield box
    except Unreachable:
        raise
    except MailboxLoginError:
        raise Unreachable(
            f"{mailbox.host} refuses the user name or the password. With two-step log-in it takes an app password only."
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"The certificate of {mailbox.host} is not good: {error.verify_message}.") from None
    except ssl.SSLError:
        raise Unreachable(
            f"{mailbox.host} does not speak TLS at port {mailbox.port}: port 993 is for TLS, 143 for STARTTLS."
        ) from None
    except socket.gaierror:
        raise Unreachable(f"There is no server called {mailbox.host}. Is it written right?") from None
    except TimeoutError:
        raise Unreachable(f"{mailbox.host} does not answer at port {mailbox.port}.") from None
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        raise Unreachable(f"{mailbox.host}, port {mailbox.port}: {type(error).__name__}.") from None


@contextmanager
def closing(box: BaseMailBox) -> Iterator[BaseMailBox]:
    """Say good-bye, and hang up in any case."""
    try:
        yield box
        box.logout()
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.client.shutdown()


def connected(mailbox: Mailbox) -> BaseMailBox:
    match mailbox.security:
        case Mailbox.Security.TLS:
            return MailBox(mailbox.host, mailbox.port, timeout=PATIENCE)
        case Mailbox.Security.STARTTLS:
            return MailBoxStartTls(mailbox.host, mailbox.port, timeout=PATIENCE)
    return MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=PATIENCE)


def chosen(box: BaseMailBox, folder: str) -> None:
    try:
        box.folder.set(folder)
    except MailboxFolderSelectError:
        there = ", ".join(f"“{one.name}”" for one in box.folder.list()[:20])
        raise Unreachable(f"There is no folder “{folder}”. There are: {there}.") from None


def standing(box: BaseMailBox, folder: str) -> Standing:
    told = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
    return Standing(told["UIDVALIDITY"], told["UIDNEXT"])


def uids_after(box: BaseMailBox, last: int) -> list[int]:
    """In order. A server answers `n:*` with its last mail even when that is older."""
    return sorted(uid for uid in map(int, box.uids(f"UID {last + 1}:*")) if uid > last)


def uids_since(box: BaseMailBox, day: date) -> list[int]:
    return sorted(map(int, box.uids(f"SINCE {day:%d}-{MONTHS[day.month - 1]}-{day:%Y}")))


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def fetched(box: BaseMailBox, uid: int) -> bytes:
    """The first `MOST` bytes of a mail, which stays unread."""
    answer, rows = box.client.uid("fetch", str(uid), f"(BODY.PEEK[]<0.{MOST}>)")
    found = next((row[1] for row in rows if isinstance(row, tuple) and len(row) > 1), None)
    if answer != "OK" or not isinstance(found, bytes):
        raise Unreachable(f"The server did not hand out mail {uid}.")
    return found


def seen(box: BaseMailBox, uid: int) -> None:
    box.client.uid("store", str(uid), "+FLAGS", "(\\Seen)")
