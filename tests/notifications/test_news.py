"""The owner hears what the prospect does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadrouting.leads.models import Activity
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Message
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ann():
    rep = world.rep("Ann")
    rep.user.time_zone = "Asia/Kolkata"
    rep.user.save()
    world.live(world.pool(rep))
    return rep


def heard():
    return list(Message.objects.filter(kind="news").order_by("id"))


def test_a_repeated_enquiry_is_told_with_its_words_once_a_minute(ann):
    now = timezone.now().replace(second=0)
    for seconds in (0, 60, 70, 80, 180):
        at = now + timedelta(seconds=seconds)
        receive_lead(now=at, name="Jane Doe", email="jane@acme.example", message=f"Call me {seconds}")
    told = heard()
    assert [one.subject for one in told] == ["Jane Doe asked again"] * 2
    assert [one.body for one in told] == ["Call me 60", "Call me 180"]
    assert {one.recipient_id for one in told} == {ann.pk}


def test_a_meeting_is_told_at_the_readers_time(ann):
    lead = receive_lead(now=timezone.now(), name="Jane Doe", email="jane@acme.example").lead
    lead.refresh_from_db()
    details = {"meeting": {"starts_at": "2026-03-02T09:00:00+00:00", "was": "2026-03-01T09:00:00+00:00"}}
    Activity.objects.create(lead=lead, kind="moved", at=timezone.now(), text="Demo", details=details)
    (told,) = heard()
    assert told.subject == "Jane Doe moved the meeting"
    assert told.body.splitlines() == [
        "Monday 02 March, 14:30, your time.",
        "It was: Sunday 01 March, 14:30, your time.",
        "Demo",
    ]


def test_nobody_is_told_of_a_lead_that_waits_or_of_what_we_did(ann):
    lead = receive_lead(now=timezone.now(), name="Jane Doe", email="jane@acme.example").lead
    lead.refresh_from_db()
    Activity.objects.create(lead=lead, kind="note", at=timezone.now(), text="Nice")
    lead.owner = None
    Activity.objects.create(lead=lead, kind="reply", at=timezone.now(), text="Hello?")
    assert heard() == []
