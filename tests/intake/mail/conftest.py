"""A real IMAP server, and mails."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from django.utils import timezone
from imap_tools import MailBoxUnencrypted

from config.running import free_port
from leadrouting.intake.models import Mailbox
from leadrouting.leads.models import Campaign
from tests import world

USER, PASSWORD = "demouser", "demopass"


@pytest.fixture
def imap() -> Iterator[int]:
    """The port of a server that holds one empty mailbox."""
    port = free_port(10143)
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "managesieve"]
    server = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "from pymap.main import main; main()",
            *arguments,
            "--no-service",
            "admin",
            "dict",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                with MailBoxUnencrypted("127.0.0.1", port, timeout=5).login(USER, PASSWORD):
                    break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def post(imap: int) -> Callable[[bytes], None]:
    def put(body: bytes) -> None:
        with MailBoxUnencrypted("127.0.0.1", imap, timeout=5).login(USER, PASSWORD) as box:
            box.append(body, "INBOX")

    return put


@pytest.fixture
def mailbox(imap: int) -> Mailbox:
    campaign = Campaign.objects.create(key="mail", name="Mail", source="mail")
    return Mailbox.objects.create(
        name="Sales",
        host="127.0.0.1",
        port=imap,
        security="none",
        username=USER,
        password=PASSWORD,
        campaign=campaign,
        own_addresses=["sales@our.example", "@our.example"],
        read_at=timezone.now() - timedelta(minutes=1),
    )


@pytest.fixture
def live() -> None:
    world.live(world.pool(world.rep("Ann")))


def mail(
    text: str = "I want a quote.",
    *,
    sender: str = "Jane Doe <jane@acme.example>",
    subject: str = "Quote",
    key: str = "<one@acme.example>",
    to: str = "sales@our.example",
    html: str = "",
    **headers: str,
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(timezone.now())
    if key:
        message["Message-ID"] = key
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


__all__ = ["mail"]
