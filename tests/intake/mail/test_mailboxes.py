"""A mailbox is read: each mail is stored, then understood, once."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from imap_tools import MailBoxUnencrypted

from leadrouting.assignments import ownership
from leadrouting.intake.deliveries import run_again, work_off_due
from leadrouting.intake.mail.reading import read, read_due, tried
from leadrouting.intake.mail.server import Unreachable
from leadrouting.intake.models import Delivery, Item, Mailbox
from leadrouting.leads.models import Activity, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Dispatch, Message
from leadrouting.notifications.tags import lead_of, tagged
from leadrouting.sla.models import Clock
from tests import world
from tests.intake.mail.conftest import PASSWORD, USER, mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def arrive(mailbox, post):
    """Mails come, are read and worked off."""
    read_due(timezone.now())

    def come(*mails: bytes) -> list[Item]:
        before = set(Item.objects.values_list("pk", flat=True))
        for one in mails:
            post(one)
        read_due(timezone.now() + timedelta(seconds=1))
        work_off_due(timezone.now() + timedelta(seconds=2))
        return list(Item.objects.exclude(pk__in=before).order_by("id"))

    return come


def test_what_was_there_before_is_left_alone(mailbox, post):
    post(mail("ten years ago"))
    assert read_due(timezone.now()) == 0
    assert read_due(timezone.now()) == 0
    assert not Delivery.objects.exists()


def test_a_new_sender_is_a_lead_of_the_campaign(live, arrive, imap):
    (item,) = arrive(mail("I want a quote.", sender='"Doe, Jane" <jane@acme.example>'))
    lead = Lead.objects.get()
    assert item.outcome == "created"
    assert (lead.email, lead.channel, lead.source, lead.campaign.key) == (
        "jane@acme.example",
        "email",
        "mail",
        "mail",
    )
    assert lead.message == "Quote\n\nI want a quote."
    assert lead.owner is not None
    with MailBoxUnencrypted("127.0.0.1", imap, timeout=5).login(USER, PASSWORD) as box:
        assert [one.flags for one in box.fetch(mark_seen=False)] == [("\\Seen",)]


def test_it_is_stored_once_however_often_it_is_read(live, arrive, mailbox):
    arrive(mail(), mail("Hello?", key="<two@acme.example>"))
    assert Activity.objects.filter(kind="reply").count() == 1
    Mailbox.objects.update(validity=1, last_uid=0)  # the server's numbers start anew
    read_due(timezone.now() + timedelta(seconds=5))
    work_off_due(timezone.now() + timedelta(seconds=6))
    assert Delivery.objects.count() == 4
    assert Item.objects.count() == 2
    assert Lead.objects.count() == 1 and Activity.objects.filter(kind="reply").count() == 1


def test_an_answer_reaches_its_lead_by_what_it_answers(live, arrive):
    arrive(mail())
    lead = Lead.objects.get()
    by_mail = mail(
        "Our boss says yes.",
        sender="boss@other.example",
        subject="Re: Quote",
        key="<two@x>",
        In_Reply_To="<one@acme.example>",
    )
    (item,) = arrive(by_mail)
    assert (item.outcome, item.lead_id) == ("joined", lead.pk)
    reply = Activity.objects.get(kind="reply")
    assert reply.text == "Our boss says yes."
    assert reply.details["differs"]["email"] == "boss@other.example"
    lead.refresh_from_db()
    assert lead.email == "jane@acme.example"


def test_an_answer_to_what_we_sent_reaches_its_lead(live, arrive):
    now = timezone.now()
    lead = receive_lead(now=now, name="Jane", phone="+4930901820").lead
    said = Message.objects.create(
        kind="ack", lead=lead, subject="Thanks", body="", dedupe_key="a", created_at=now, spread_at=now
    )
    Dispatch.objects.create(
        message=said,
        channel="email",
        address="jane@acme.example",
        state="sent",
        created_at=now,
        send_at=now,
        external_id="<leadrouting-9@our.example>",
    )
    arrive(mail("Thanks!", References="<x@y> <leadrouting-9@our.example>"))
    assert Lead.objects.count() == 1
    assert Activity.objects.get(kind="reply").lead_id == lead.pk
    lead.refresh_from_db()
    assert lead.email == "jane@acme.example", "a blank is filled"


def test_an_answer_to_a_tagged_address_reaches_its_lead(live, arrive):
    lead = receive_lead(now=timezone.now(), name="Jane").lead
    arrive(mail("It is me.", to=tagged("sales@our.example", lead.pk)))
    assert Activity.objects.get(kind="reply").lead_id == lead.pk
    forged = tagged("sales@our.example", lead.pk).replace(f"lead-{lead.pk}-", f"lead-{lead.pk + 1}-")
    assert lead_of(forged) is None
    arrive(mail("I guess numbers.", sender="eve@evil.example", to=forged, key="<evil@x>"))
    assert Lead.objects.count() == 2


def test_who_wrote_before_is_known(live, arrive):
    lead = receive_lead(now=timezone.now(), name="Jane", email="JANE@acme.example").lead
    arrive(mail("And one thing more."))
    assert Activity.objects.get(kind="reply").lead_id == lead.pk
    told = Message.objects.get(kind="news")
    assert told.subject == "Jane wrote" and "And one thing more." in told.body


def test_an_answer_to_a_lost_lead_opens_it_again(live, arrive):
    lead = receive_lead(now=timezone.now(), name="Jane", email="jane@acme.example").lead
    ownership.close(lead_id=lead.pk, by=world.user(role="ops"), outcome="lost", now=timezone.now())
    arrive(mail("We are back."))
    lead.refresh_from_db()
    assert lead.is_open and Activity.objects.filter(kind="reopened", lead=lead).exists()


def test_robots_and_ourselves_are_passed_over_with_a_reason(live, arrive):
    boss = world.user(role="ops")
    boss.email = "boss@private.example"
    boss.save()
    items = arrive(
        mail(key="<1@x>", Auto_Submitted="auto-replied"),
        mail(key="<2@x>", List_Id="<news.acme.example>"),
        mail(key="<3@x>", sender="Somebody <any@our.example>"),
        mail(key="<4@x>", sender="boss@private.example"),
        mail(key="<5@x>", sender="MAILER-DAEMON@mx.example"),
    )
    assert [one.outcome for one in items] == ["passed"] * 5
    assert all(one.reason for one in items)
    assert not Lead.objects.exists()
    assert not Delivery.objects.exclude(state="done").exists()


def test_what_comes_back_is_said_where_it_was_sent(live, arrive):
    now = timezone.now()
    lead = receive_lead(now=now, name="Jane", email="jane@acme.example").lead
    said = Message.objects.create(
        kind="ack", lead=lead, subject="Thanks", body="", dedupe_key="a", created_at=now, spread_at=now
    )
    sent = Dispatch.objects.create(
        message=said,
        channel="email",
        address=lead.email,
        state="sent",
        created_at=now,
        send_at=now,
        external_id="<leadrouting-9@our.example>",
    )
    (item,) = arrive(
        mail(
            "no such user <leadrouting-9@our.example>",
            sender="mailer-daemon@mx.example",
            subject="Undelivered",
        )
    )
    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == ("failed", "It came back: Undelivered")
    assert item.lead_id == lead.pk


class TestAnswersOfReps:
    @pytest.fixture
    def lead(self, live):
        from leadrouting.sla.making import make

        make("An hour", {"respond": timedelta(hours=1)}, hours="always")
        lead = receive_lead(
            now=timezone.now() - timedelta(minutes=5), name="Jane", email="jane@acme.example"
        ).lead
        lead.refresh_from_db()
        lead.owner.user.email = "ann@our.example"
        lead.owner.user.save()
        return lead

    def test_count_where_the_mailbox_says_so(self, lead, arrive, mailbox):
        Mailbox.objects.update(reports_as=world.user(role="service"))
        time.sleep(1)  # the date of a mail knows whole seconds: it is after the assignment
        (item,) = arrive(
            mail("Here is it.", sender="ann@our.example", to="jane@acme.example", Cc="sales@our.example")
        )
        assert (item.outcome, item.lead_id) == ("noted", lead.pk)
        assert Clock.objects.get(lead=lead).outcome == "met"
        told = Activity.objects.get(kind="email")
        assert told.actor_id == lead.owner_id and "Here is it." in told.text

    def test_else_are_passed_over(self, lead, arrive):
        (item,) = arrive(
            mail("Here.", sender="ann@our.example", to="jane@acme.example", Cc="sales@our.example")
        )
        assert item.outcome == "passed"
        assert Clock.objects.get(lead=lead).outcome == ""


def test_a_big_mail_is_read_by_its_beginning(live, arrive):
    (item,) = arrive(mail("I want a quote.\n" + "x" * 6_000_000))
    lead = Lead.objects.get()
    assert "I want a quote." in lead.message and len(lead.message) < 21_000
    assert item.delivery.fetched["cut"] is True


def test_it_is_run_again_without_harm(live, arrive):
    (item,) = arrive(mail())
    run_again(item.delivery_id, timezone.now())
    work_off_due(timezone.now() + timedelta(seconds=1))
    assert Lead.objects.count() == 1 and not Activity.objects.filter(kind="reply").exists()


def test_two_readers_do_not_read_at_once(live, mailbox, post):
    read_due(timezone.now())
    for number in range(5):
        post(mail(key=f"<{number}@x>", sender=f"a{number}@acme.example"))
    now = timezone.now() + timedelta(seconds=1)

    def work(_: int) -> int:
        try:
            return read(mailbox.pk, now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as threads:
        assert sum(threads.map(work, range(3))) == 5
    assert Delivery.objects.count() == 5


class TestTrouble:
    def test_wrong_password(self, mailbox):
        mailbox.password = "wrong"
        with pytest.raises(Unreachable, match="refuses the user name or the password"):
            tried(mailbox)
        mailbox.save()
        now = timezone.now()
        assert read_due(now) == 0
        mailbox.refresh_from_db()
        assert "refuses" in mailbox.last_error and "wrong" not in mailbox.last_error
        assert mailbox.read_at == now + timedelta(minutes=1)
        assert read_due(now) == 0
        read_due(now + timedelta(minutes=1))
        mailbox.refresh_from_db()
        assert mailbox.read_at == now + timedelta(minutes=3)

    def test_no_such_folder(self, mailbox):
        mailbox.folder = "Leads"
        with pytest.raises(Unreachable, match=r"no folder “Leads”.*“INBOX”"):
            tried(mailbox)

    def test_it_works(self, mailbox):
        assert "can be read" in tried(mailbox)

    def test_nobody_there(self, mailbox):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            mailbox.port = nobody.getsockname()[1]
            with pytest.raises(Unreachable, match="ConnectionRefused"):
                tried(mailbox)

    def test_a_server_that_hangs_hurts_no_other(self, mailbox, monkeypatch):
        monkeypatch.setattr("leadrouting.intake.mail.server.PATIENCE", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            stuck = Mailbox.objects.create(
                name="A stuck one",
                host="127.0.0.1",
                port=silent.getsockname()[1],
                security="none",
                username="x",
                password="y",
                read_at=timezone.now() - timedelta(hours=1),
            )
            read_due(timezone.now())
        stuck.refresh_from_db()
        mailbox.refresh_from_db()
        assert "does not answer" in stuck.last_error
        assert mailbox.last_read_at is not None

    def test_no_tls_there(self, mailbox):
        mailbox.security = "tls"
        with pytest.raises(Unreachable, match="does not speak TLS"):
            tried(mailbox)
