"""What a rep writes by WhatsApp leaves from the company's number, and is a response when it has left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.leads.models import Activity, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Dispatch, Message
from leadrouting.notifications.optouts import opt_out
from leadrouting.notifications.prospects.writing import open_until, write
from leadrouting.notifications.sending import send_due
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Rep
from tests import world
from tests.notifications.cloud import Cloud, error

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+4915112345678"
DAY = timedelta(hours=24)


@pytest.fixture
def cloud(settings) -> Iterator[Cloud]:
    made = Cloud()
    made.set_up(settings)
    yield made
    made.close()


@pytest.fixture
def ann(cloud) -> Rep:
    rep = world.rep("Ann")
    make("An hour", {"respond": timedelta(hours=1)}, hours="always")
    world.live(world.pool(rep), name="Everything")
    return rep


@pytest.fixture
def lead(ann) -> Lead:
    return again(asks())


def asks(**values) -> Lead:
    given = {"name": "Jane Doe", "phone": PHONE, "channel": "whatsapp", "message": "Hello", **values}
    return receive_lead(now=timezone.now(), lenient=True, **given).lead


def again(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def sends(lead: Lead, by: Rep, text: str = "Hello Jane, shall we talk at four?") -> Message:
    return write(lead_id=lead.pk, by=by.user, text=text, now=timezone.now())


def leave() -> None:
    assert send_due("whatsapp", timezone.now()) == 1


def test_it_leaves_from_the_companys_number_and_is_the_response(lead, ann, cloud):
    sends(lead, ann)
    assert Clock.objects.get().ended_at is None, "written is not sent"
    leave()
    (told,) = cloud.got
    assert (told["to"], told["type"], told["text"]["body"]) == (
        PHONE[1:], "text", "Hello Jane, shall we talk at four?",
    )  # fmt: skip
    assert Clock.objects.get().outcome == "met"
    said = lead.activities.get(kind=Activity.Kind.MESSAGE)
    assert (said.actor, said.text) == (ann.user, "Hello Jane, shall we talk at four?")
    assert again(lead).status == "contacted"


def test_what_whatsapp_refuses_is_no_response_and_who_wrote_hears_of_it(lead, ann, cloud):
    cloud.answers.append(error(131026))
    sends(lead, ann)
    leave()
    assert Clock.objects.get().ended_at is None
    assert not lead.activities.filter(kind=Activity.Kind.MESSAGE).exists()
    told = Message.objects.get(recipient=ann.user, kind="news")
    assert told.subject == "Your message to Jane Doe has not arrived"
    assert "This number cannot be reached by WhatsApp. No response was logged." in told.body


def test_a_second_click_sends_nothing(lead, ann, cloud):
    assert sends(lead, ann) == sends(lead, ann)
    assert Dispatch.objects.count() == 1


def test_only_the_owner_writes(lead, ann):
    with pytest.raises(NotYours):
        sends(lead, world.rep("Bob"))


def test_a_lead_that_has_moved_on_keeps_what_was_sent(lead, ann, cloud):
    sends(lead, ann)
    bob, ops = world.rep("Bob", team=ann.team), world.user("Olga", role="ops")
    ownership.reassign(lead_id=lead.pk, to=bob, by=ops, reason="Holiday", now=timezone.now())
    leave()
    assert not lead.activities.filter(kind=Activity.Kind.MESSAGE).exists()
    assert Dispatch.objects.get().state == "sent"
    assert Clock.objects.get(rep=bob).ended_at is None


@pytest.mark.parametrize(
    ("spoils", "why"),
    [
        (lambda lead: None, "Write the message first."),
        (lambda lead: opt_out([lead.phone], how="", now=timezone.now()), "do not want to be written to"),
        (lambda lead: Lead.objects.filter(pk=lead.pk).update(created_at=timezone.now() - DAY), "More than 24 hours"),
        (lambda lead: Lead.objects.filter(pk=lead.pk).update(channel="phone"), "More than 24 hours"),
        (lambda lead: Lead.objects.filter(pk=lead.pk).update(phone=""), "cannot be written to by WhatsApp"),
    ],
)  # fmt: skip
def test_why_nothing_can_be_written_is_said(lead, ann, spoils, why):
    spoils(lead)
    with pytest.raises(Refused, match=why):
        sends(lead, ann, " " if "first" in why else "Hello")
    assert not Dispatch.objects.exists()


def test_the_day_begins_anew_with_each_word_of_theirs_by_whatsapp(lead, ann):
    Lead.objects.filter(pk=lead.pk).update(created_at=timezone.now() - 3 * DAY)
    lead = again(lead)
    asks(channel="email", email="jane@x.example", message="By e-mail")
    assert open_until(lead, lead.activities.all()) == lead.created_at + DAY
    asks(message="By WhatsApp")
    assert open_until(lead, lead.activities.all()) == lead.activities.first().at + DAY
    sends(lead, ann)
    assert Dispatch.objects.count() == 1


def test_on_the_page(lead, ann, cloud, client):
    client.force_login(ann.user)
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "Your message, from the company’s number" in page and "wa.me" not in page
    answer = client.post(f"/leads/{lead.pk}/write/", {"text": " "})
    assert answer.status_code == 422 and "Write the message first." in answer.content.decode()
    page = client.post(f"/leads/{lead.pk}/write/", {"text": "Hello <Jane>"}, follow=True).content.decode()
    assert "On its way." in page and "waits to be sent" in page
    leave()
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert page.count("Hello &lt;Jane&gt;") == 1, "told once"
    Lead.objects.filter(pk=lead.pk).update(created_at=timezone.now() - DAY)
    assert "only within a day after they wrote there" in client.get(f"/leads/{lead.pk}/").content.decode()


def test_a_shared_inbox_is_linked_where_no_account_is_set_up(lead, ann, client, settings):
    settings.WHATSAPP_TOKEN, settings.WHATSAPP_INBOX_URL = "", "https://inbox.example/chat/{phone}"
    client.force_login(ann.user)
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert 'href="https://inbox.example/chat/4915112345678"' in page
    settings.WHATSAPP_INBOX_URL = ""
    assert "inbox.example" not in client.get(f"/leads/{lead.pk}/").content.decode()
