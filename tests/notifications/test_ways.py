"""By WhatsApp, by e-mail, by SMS: one acknowledgement, by the first way that reaches the prospect."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Dispatch, Event, Message, Template, Workflow
from leadrouting.notifications.optouts import opt_out
from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.words import problems
from leadrouting.notifications.sending import send_due
from leadrouting.notifications.spreading import spread_due
from tests import world
from tests.notifications.cloud import TOKEN, Cloud, error

pytestmark = [
    pytest.mark.django_db(transaction=True),
]
PHONE = "+4915112345678"


@pytest.fixture
def cloud(settings) -> Iterator[Cloud]:
    made = Cloud()
    made.set_up(settings)
    yield made
    made.close()


@pytest.fixture
def texts(settings) -> Iterator[list[dict]]:
    """An SMS service, as Apprise calls it."""
    got: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            got.append({"to": self.path, "text": told["message"]})
            self.send_response(500 if "refuse" in told["message"] else 200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PROSPECT_SMS_URL = f"json://127.0.0.1:{server.server_port}/{{to}}"
    yield got
    server.shutdown()
    server.server_close()


@pytest.fixture
def flow(db):
    world.live(world.pool(world.rep("Ann")), name="Everything")
    campaign = Campaign.objects.create(key="spring", name="Spring")
    return Workflow.objects.create(
        campaign=campaign, acknowledges=True, ways="whatsapp,email,sms", our_name="Acme", needs_consent=False
    )


@pytest.fixture
def approved(flow):
    return Template.objects.create(
        workflow=flow,
        language="en",
        approved="thanks",
        approved_language="en_GB",
        approved_values="name, product",
    )


def ask(**values) -> Lead:
    values = {"name": "Jane Doe", "email": "jane@x.example", "phone": PHONE, "campaign": "spring", **values}
    return receive_lead(now=timezone.now(), lenient=True, **values).lead


def leave(now=None) -> None:
    now = now or timezone.now()
    spread_due(now)
    mail.outbox.clear()
    for _ in range(3):
        for channel in ("whatsapp", "email", "sms"):
            send_due(channel, now)


def ways() -> list[tuple[str, str]]:
    sent = Dispatch.objects.filter(message__kind="ack").order_by("id")
    return [(one.channel, one.state) for one in sent]


def mails() -> list:
    return [one for one in mail.outbox if one.to == ["jane@x.example"]]


@pytest.mark.parametrize("language", WORDS)
def test_what_ships_is_good_and_short(language):
    assert problems(WORDS[language].short) == [] and len(WORDS[language].short) < 250


class TestWhatsApp:
    def test_who_wrote_there_is_answered_there_in_our_words(self, flow, cloud):
        Workflow.objects.update(ways="email")
        ask(channel="whatsapp")
        leave()
        (got,) = cloud.got
        assert got["to"] == PHONE.removeprefix("+") and got["type"] == "text"
        assert got["text"]["body"].startswith("Hello Jane, thank you") and "{" not in got["text"]["body"]
        assert "e-mail" not in got["text"]["body"]
        assert mails() == [] and ways() == [("whatsapp", "sent")]
        assert Dispatch.objects.get(channel="whatsapp").external_id == "wamid.1"
        assert Message.objects.get(kind="ack").body == got["text"]["body"]

    def test_to_others_by_an_approved_template(self, flow, cloud, approved):
        ask()
        leave()
        (got,) = cloud.got
        assert got["template"]["name"] == "thanks" and got["template"]["language"] == {"code": "en_GB"}
        assert [one["text"] for one in got["template"]["components"][0]["parameters"]] == ["Jane Doe", "–"]

    def test_without_one_the_next_way_is_taken_at_once(self, flow, cloud):
        ask()
        leave()
        assert cloud.got == [] and ways() == [("email", "sent")] and len(mails()) == 1

    def test_after_a_day_the_template_is_taken(self, flow, cloud, approved):
        cloud.answers = [error(131047)]
        ask(channel="whatsapp")
        leave()
        assert [one["type"] for one in cloud.got] == ["text", "template"]
        assert ways() == [("whatsapp", "sent")]

    @pytest.mark.parametrize(
        "answer", [error(131026), error(131047), error(100), error(190, 401), (404, b"<html>")]
    )
    def test_what_will_never_arrive_goes_the_next_way(self, flow, cloud, answer):
        cloud.answers = [answer]
        ask(channel="whatsapp")
        leave()
        assert ways() == [("whatsapp", "failed"), ("email", "sent")]
        (sent,) = mails()
        assert "You can simply answer this e-mail" in sent.body
        assert Message.objects.get(kind="ack").body.startswith(sent.body[:40])
        failed = Dispatch.objects.get(channel="whatsapp")
        assert failed.last_error and TOKEN not in failed.last_error

    @pytest.mark.parametrize("answer", [None, (502, b"bad gateway"), (500, b"{}"), error(1, 500)])
    def test_what_may_have_arrived_is_left_to_a_person(self, flow, cloud, answer):
        cloud.answers = [answer]
        ask(channel="whatsapp")
        leave()
        leave(timezone.now() + timedelta(days=1))
        assert ways() == [("whatsapp", "unsure")] and mails() == [] and len(cloud.got) == 1

    @pytest.mark.parametrize("answer", [error(130429, 429), error(131016, 503), (429, b"")])
    def test_who_is_busy_is_asked_later(self, flow, cloud, answer):
        cloud.answers = [answer]
        ask(channel="whatsapp")
        leave()
        assert ways() == [("whatsapp", "waiting")]
        leave(timezone.now() + timedelta(minutes=1))
        assert ways() == [("whatsapp", "sent")] and len(cloud.got) == 2

    def test_when_it_is_the_only_way_a_bad_token_is_waited_for(self, flow, cloud, settings):
        settings.WHATSAPP_TOKEN = "old"
        ask(channel="whatsapp", email="")
        leave()
        one = Dispatch.objects.get(channel="whatsapp")
        assert one.state == "waiting" and "WHATSAPP_TOKEN" in one.last_error and "old" not in one.last_error
        settings.WHATSAPP_TOKEN = TOKEN
        leave(timezone.now() + timedelta(minutes=16))
        assert ways() == [("whatsapp", "sent")]

    def test_nobody_there_is_tried_again_and_never_elsewhere(self, flow, cloud):
        cloud.close()
        ask(channel="whatsapp")
        leave()
        one = Dispatch.objects.get(channel="whatsapp")
        assert (one.state, one.begun_at, mails()) == ("waiting", None, [])

    def test_a_name_is_never_more_than_a_name(self, flow, cloud, approved):
        ask(name="*win* http://evil.example", company="Line\nbreak")
        leave()
        said = json.dumps(cloud.got)
        assert "evil" not in said and "\\n" not in said


class TestSms:
    def test_to_a_mobile_number(self, flow, cloud, texts):
        Workflow.objects.update(ways="sms,email")
        ask()
        leave()
        (got,) = texts
        assert got["to"] == f"/{PHONE}" or got["to"] == f"/{PHONE.replace('+', '%2B')}"
        assert got["text"].startswith("Hello Jane") and ways() == [("sms", "sent")]

    def test_a_fixed_line_gets_an_e_mail(self, flow, texts):
        Workflow.objects.update(ways="sms,email")
        ask(phone="+4930901820")
        leave()
        assert texts == [] and ways() == [("email", "sent")]

    def test_a_no_of_the_service_is_left_to_a_person(self, flow, texts):
        Workflow.objects.update(ways="sms,email")
        Template.objects.create(workflow=flow, language="en", short="please refuse")
        ask()
        leave()
        assert ways() == [("sms", "unsure")] and mails() == [] and len(texts) == 1

    def test_a_mail_server_that_says_never(self, flow, texts):
        Workflow.objects.update(ways="email,sms")
        ask()
        spread_due(timezone.now())
        from leadrouting.notifications.sending import Result, record

        record(
            Dispatch.objects.get(channel="email", message__kind="ack"),
            Result("failed", "550"),
            timezone.now(),
        )
        leave()
        assert ways() == [("email", "failed"), ("sms", "sent")]
        assert "e-mail" not in texts[0]["text"]


class TestOne:
    def test_whatever_happens_one_is_said(self, flow, cloud, texts):
        ask(channel="whatsapp")
        leave()
        Event.objects.update(spread_at=None)
        leave()
        assert len(cloud.got) == 1 and texts == [] and mails() == []

    def test_an_address_that_does_not_want_it_is_passed_over(self, flow, cloud):
        opt_out([PHONE], how="STOP", now=timezone.now())
        ask(channel="whatsapp")
        leave()
        assert cloud.got == [] and ways() == [("email", "sent")]

    def test_also_when_it_is_the_next_way(self, flow, cloud, texts):
        cloud.answers = [error(131026)]
        ask(channel="whatsapp")
        spread_due(timezone.now())
        opt_out(["jane@x.example"], how="STOP", now=timezone.now())
        leave()
        assert ways() == [("whatsapp", "failed"), ("sms", "sent")] and mails() == []

    def test_all_of_them(self, flow, cloud):
        opt_out([PHONE, "jane@x.example"], how="STOP", now=timezone.now())
        ask(channel="whatsapp")
        leave()
        assert ways() == [] and "do not want to be written to" in Activity.objects.get(kind="note").text

    def test_the_timeline_says_what_hinders_it(self, flow):
        Workflow.objects.update(ways="sms,email")
        ask(email="")
        leave()
        assert "SMS is not set up" in Activity.objects.get(kind="note").text


def test_texts_for_whatsapp_are_checked(client, flow):
    client.force_login(world.user(role="ops"))
    page = reverse("admin:notifications_workflow_change", args=[flow.pk])
    base = {
        "acknowledges": "on",
        "ways": "whatsapp,email",
        "language": "en",
        "templates-TOTAL_FORMS": "1",
        "templates-INITIAL_FORMS": "0",
        "templates-0-workflow": flow.pk,
        "templates-0-language": "en",
    }
    for given, said in (
        ({"short": "Hello {who}"}, "There is no {who}"),
        ({"short": "Your score is high"}, "internal word"),
        ({"approved": "Thank You"}, "Small letters"),
        ({"approved": "thanks", "approved_values": "name, queue"}, "There is no queue"),
        ({"language": "sv"}, "Nothing ships in this language"),
    ):
        answer = client.post(page, base | {f"templates-0-{name}": value for name, value in given.items()})
        assert answer.status_code == 200 and said in answer.content.decode(), said
    assert (
        client.post(
            page, base | {"templates-0-approved": "thanks", "templates-0-approved_values": "name"}
        ).status_code
        == 302
    )
