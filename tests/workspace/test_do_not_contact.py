"""Who does not want to be contacted: said by one of us or by the prospect, seen wherever the lead is, taken back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import Dispatch, Message, OptOut
from leadrouting.notifications.optouts import opt_out
from leadrouting.notifications.prospects.leaving import Holder
from leadrouting.notifications.refusing import leave
from tests import world
from tests.workspace.scenes import HTMX


def page_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def lead(scene):
    Lead.objects.filter(pk=scene.lead.pk).update(email="anna@x.example")
    scene.lead.refresh_from_db()
    return scene.lead


@pytest.fixture
def address(lead):
    return f"/leads/{lead.pk}/"


def sent(lead, **values):
    now = timezone.now()
    number = Message.objects.count()
    message = Message.objects.create(
        kind=values.pop("kind", "ack"),
        lead=lead,
        subject="Thank you, Anna",
        body="We will be in touch <soon>.",
        dedupe_key=f"ack:{lead.pk}:{number}",
        created_at=now,
        spread_at=now,
    )
    defaults = {"channel": "email", "address": "anna@x.example", "created_at": now, "send_at": now}
    return Dispatch.objects.create(message=message, **{**defaults, **values})


def test_the_owner_says_it_and_takes_it_back(scene, as_, lead, address):
    client, waits = as_(scene.priya), sent(lead)
    assert "Do not contact" in page_of(client.get(address)) and "Undo" not in page_of(client.get(address))
    for _ in range(2):
        page = page_of(client.post(f"{address}do-not-contact/", follow=True))
    assert "Nothing is sent to Anna Berg any more." in page
    for gone in ('href="tel:', 'href="mailto:', "WhatsApp"):
        assert gone not in page
    assert '<span class="tag urgent">Do not contact</span>' in page
    assert "Do not contact: anna@x.example and +4930901820." in page, "the timeline"
    waits.refresh_from_db()
    assert waits.state == "skipped"
    assert Activity.objects.filter(lead=lead, kind="note").count() == 1
    page = page_of(client.post(f"{address}contact-again/", follow=True))
    assert "Anna Berg may be contacted again." in page and 'href="mailto:anna@x.example"' in page
    assert not OptOut.objects.exists()


def test_what_the_prospect_said_only_sales_ops_take_back(scene, as_, lead, address):
    leave(Holder("anna@x.example", lead.pk, "en"), timezone.now())
    page = page_of(as_(scene.priya).get(address))
    assert '<span class="tag urgent">No e-mails</span>' in page and 'href="tel:+4930901820"' in page
    assert "contact-again" not in page
    for person in (scene.priya, scene.mira):
        answer = as_(person).post(f"{address}contact-again/")
        assert answer.status_code == 409 and "They said so themselves" in page_of(answer)
    as_(world.user(role="ops")).post(f"{address}contact-again/")
    assert not OptOut.objects.exists()


def test_another_leads_address_counts_here_too(scene, as_, lead, address):
    client = as_(scene.priya)
    stamp = client.get(address).context["stamp"]
    opt_out(["anna@x.example", "+4930901820"], how="By letter", now=timezone.now(), by=scene.mira)
    page = page_of(client.get(f"{address}?stamp={stamp}", **HTMX))
    assert "By letter Mira Lindqvist" in " ".join(page.split())


def test_who_may(scene, as_, lead, address):
    for person, status in ((scene.tom, 404), (world.user(role="manager"), 404), (scene.mira, 302)):
        for name in ("contact-again", "do-not-contact"):
            assert as_(person).post(f"{address}{name}/").status_code == status
            assert as_(person).get(f"{address}{name}/").status_code in (302, 404)
    assert OptOut.objects.count() == 2


def test_also_of_a_closed_lead_and_not_without_an_address(scene, as_, lead, address):
    client = as_(scene.mira)
    Lead.objects.filter(pk=lead.pk).update(status="lost", closed_at=timezone.now())
    assert client.post(f"{address}do-not-contact/").status_code == 302
    assert OptOut.objects.count() == 2
    Lead.objects.filter(pk=lead.pk).update(email="", phone="")
    assert "do-not-contact" not in page_of(client.get(address))
    assert client.post(f"{address}do-not-contact/").status_code == 409


@pytest.mark.parametrize(
    ("values", "title", "text"),
    [
        ({}, "Acknowledgement waits to be sent", "E-mail to anna@x.example"),
        ({"state": "sent", "sent_at": timezone.now()}, "Acknowledgement sent", "E-mail to anna@x.example"),
        ({"attempts": 2, "last_error": "451 Busy"}, "waits to be sent", "is tried again: 451 Busy"),
        ({"state": "failed", "last_error": "550 No such user"}, "not sent: given up", "550 No such user"),
        ({"state": "unsure", "last_error": "It went silent"}, "may have been sent", "It went silent"),
        ({"state": "skipped", "last_error": "They said no"}, "Acknowledgement not sent", "They said no"),
        ({"kind": "follow_up"}, "Follow-up waits to be sent", "E-mail to"),
    ],
)
def test_the_timeline_says_what_the_prospect_was_sent(scene, as_, lead, address, values, title, text):
    sent(lead, **values)
    page = page_of(as_(scene.priya).get(address))
    assert title in page and text in page
    assert "Thank you, Anna" in page and "&lt;soon&gt;" in page
    assert "/admin/" not in page
    assert "/admin/notifications/dispatch/" in page_of(as_(world.user(role="ops")).get(address))


def test_what_is_sent_to_us_is_not_there(scene, as_, address, lead):
    assert Message.objects.filter(lead=lead, recipient=scene.priya.pk).exists()
    assert "What it says" not in page_of(as_(scene.priya).get(address))


def test_the_open_page_hears_of_it_and_many_cost_what_one_does(scene, as_, lead, address):
    client, first = as_(scene.priya), sent(lead)
    stamp = client.get(address).context["stamp"]
    assert client.get(f"{address}?stamp={stamp}", **HTMX).status_code == 204
    Dispatch.objects.filter(pk=first.pk).update(state="sent", sent_at=timezone.now())
    assert client.get(f"{address}?stamp={stamp}", **HTMX).status_code == 200
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(20):
        sent(lead)
    opt_out(["anna@x.example", "+4930901820"], how="By letter", now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)
