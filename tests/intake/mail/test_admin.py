"""Mailboxes in the admin: connected, tried, read."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from leadrouting.intake.models import Mailbox
from tests import world
from tests.intake.mail.conftest import PASSWORD, USER

pytestmark = pytest.mark.django_db(transaction=True)
ADD = reverse("admin:intake_mailbox_add")


@pytest.fixture
def as_ops() -> Client:
    client = Client()
    client.force_login(world.user(role="ops"))
    return client


def form(imap: int, **values: object) -> dict[str, object]:
    return {
        "name": "Sales",
        "is_active": "on",
        "host": "127.0.0.1",
        "port": imap,
        "security": "none",
        "username": USER,
        "password": PASSWORD,
        "folder": "INBOX",
        "own_addresses": "sales@our.example, @our.example",
        **values,
    }


def told(answer) -> list[str]:
    return [str(one) for one in get_messages(answer.wsgi_request)]


def test_it_is_saved_and_tried_and_read(as_ops, imap):
    answer = as_ops.post(ADD, form(imap, intake_mailbox_save_and_test="1"))
    mailbox = Mailbox.objects.get()
    assert answer.headers["Location"] == reverse("admin:intake_mailbox_change", args=[mailbox.pk])
    assert mailbox.own_addresses == ["sales@our.example", "@our.example"]
    assert any("INBOX” can be read" in one for one in told(answer)), told(answer)
    change = reverse("admin:intake_mailbox_change", args=[mailbox.pk])
    assert PASSWORD not in as_ops.get(change).content.decode()
    answer = as_ops.post(change, form(imap, password="", intake_mailbox_save_and_read="1"))
    mailbox.refresh_from_db()
    assert mailbox.password == PASSWORD and mailbox.validity is not None
    answer = as_ops.post(change, form(imap, password="wrong", intake_mailbox_save_and_test="1"))
    assert any("refuses the user name" in one for one in told(answer))
    assert "wrong" not in str(told(answer))


def test_what_is_wrong_is_said_at_its_field(as_ops, imap):
    for given, said in (
        ({"password": ""}, "Enter the password"),
        ({"own_addresses": "our domain"}, "“our domain” is neither an address nor a domain"),
        ({"security": "tls", "port": 143}, "Port 993 is for TLS"),
        ({"host": "imap.example.com"}, "Without encryption only a server on this machine"),
    ):
        answer = as_ops.post(ADD, form(imap, **given))
        assert answer.status_code == 200 and said in answer.content.decode(), said
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("role", ["rep", "manager"])
def test_sales_ops_alone(role, imap):
    client = Client()
    client.force_login(world.user(role=role))
    assert client.post(ADD, form(imap)).status_code in (302, 403)
    assert not Mailbox.objects.exists()
