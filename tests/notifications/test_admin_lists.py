"""What sales ops see of what was said and how it left: found, counted, sent once more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.concerns import concerns
from leadrouting.notifications.models import Dispatch, Event, Message, OptOut
from tests import world

pytestmark = pytest.mark.django_db
State = Dispatch.State


@pytest.fixture
def as_ops(client):
    client.force_login(world.user(role="ops"))
    return client


def page_of(client, name: str, query: str = "") -> str:
    answer = client.get(reverse(f"admin:notifications_{name}_changelist") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def written(subject: str, to=None, **values) -> Dispatch:
    now = timezone.now()
    message = Message.objects.create(
        kind="assigned" if to else "ack",
        recipient=to,
        lead=world.lead(name="Jane Doe"),
        subject=f"About {subject}",
        body="Word for word",
        dedupe_key=subject,
        created_at=now,
        spread_at=now,
    )
    times = {"created_at": now, "send_at": now}
    return Dispatch.objects.create(
        message=message, **{"channel": "email", "address": "jane@x.example", **times, **values}
    )


@pytest.fixture
def some(db):
    ann = world.rep("Ann")
    return {
        "Waits": written("Waits"),
        "Tries": written("Tries", attempts=2, last_error="451"),
        "Failed": written("Failed", state=State.FAILED, last_error="550 No such user"),
        "Unsure": written("Unsure", state=State.UNSURE),
        "Sent": written("Sent", to=ann.user, state=State.SENT, sent_at=timezone.now()),
    }


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", {"Waits", "Tries", "Failed", "Unsure", "Sent"}),
        ("?state=failing", {"Tries"}),
        ("?state=trouble", {"Failed", "Unsure"}),
        ("?state=sent", {"Sent"}),
        ("?state=nonsense", {"Waits", "Tries", "Failed", "Unsure", "Sent"}),
        ("?to=us", {"Sent"}),
        ("?to=prospects&state=waiting", {"Waits", "Tries"}),
        ("?channel=email&state=unsure", {"Unsure"}),
        ("?channel=nonsense&state=unsure", {"Unsure"}),
    ],
)
def test_sendings_are_found(as_ops, some, query, there):
    page = page_of(as_ops, "dispatch", query)
    assert {one for one in some if f">About {one}<" in page} == there


def test_one_is_sent_again_and_what_follows_is_said(as_ops, some):
    one = some["Unsure"]
    page = as_ops.get(reverse("admin:notifications_dispatch_change", args=[one.pk])).content.decode()
    resend = reverse("admin:notifications_dispatch_resend_this", args=[one.pk])
    assert resend in page and "Word for word" in page
    assert "then they get it a second time" in as_ops.get(resend).content.decode()
    one.refresh_from_db()
    assert one.state == State.UNSURE, "to look at it sends nothing"
    answer = as_ops.post(resend, follow=True)
    assert "1 message will be sent again" in answer.content.decode()
    one.refresh_from_db()
    assert (one.state, one.begun_at, one.attempts) == (State.WAITING, None, 0)
    chosen = {"action": "resend", "_selected_action": [some["Failed"].pk]}
    as_ops.post(reverse("admin:notifications_dispatch_changelist"), chosen)
    some["Failed"].refresh_from_db()
    assert some["Failed"].state == State.WAITING


def test_messages_by_who_reads_them(as_ops, some):
    page = page_of(as_ops, "message", "?to=us")
    assert ">About Sent<" in page and ">About Waits<" not in page and "E-mail: sent" in page
    page = page_of(as_ops, "message", "?to=prospects")
    assert ">About Waits<" in page and ">About Sent<" not in page


def test_events_that_failed(as_ops, some):
    Event.objects.update(spread_at=timezone.now())
    Event.objects.filter(pk=Event.objects.first().pk).update(error="KeyError: 'x'")
    assert "KeyError" in page_of(as_ops, "event", "?handed=failed")
    assert "Nothing fits" in page_of(as_ops, "event", "?handed=waiting")


def test_opt_outs_by_who_said_so(as_ops):
    OptOut.objects.create(address="a@x.example", at=timezone.now(), how="Clicked")
    OptOut.objects.create(address="b@x.example", at=timezone.now(), how="Rang", by=world.user("Mira"))
    page = page_of(as_ops, "optout", "?said=prospects")
    assert "a@x.example" in page and "The prospect" in page and "b@x.example" not in page
    page = page_of(as_ops, "optout", "?said=us")
    assert "b@x.example" in page and "Mira" in page


@pytest.mark.parametrize(("name", "says"), [("dispatch", "by themselves"), ("optout", "Add opt-out")])
def test_an_empty_list_says_what_to_do(as_ops, name, says):
    page = page_of(as_ops, name)
    assert "yet" in page and says in page
    assert "Nothing fits" in page_of(as_ops, name, "?q=nobody") and "Show all" in page_of(
        as_ops, name, "?q=x"
    )


def test_today_counts_what_was_given_up(as_ops, some):
    said = next(one for one in concerns() if "given up" in one.text)
    assert said.text == "2 messages of the last 7 days were given up, or may not have arrived."
    assert ">About Failed<" in as_ops.get(said.link).content.decode()
    assert said.text in as_ops.get("/admin/").content.decode()
    Dispatch.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert not [one for one in concerns() if "given up" in one.text]
