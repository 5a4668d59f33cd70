"""Meetings at Calendly and Cal.com reach the lead, in whatever order we hear of them."""

from __future__ import annotations

import contextlib
import itertools
import time
from typing import Any

import pytest
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.models import Assignment
from leadrouting.intake.heard import Booked, Passed, Raw, Unreadable
from leadrouting.intake.models import Delivery, Item
from leadrouting.intake.readers import cal, calendly
from leadrouting.leads.models import Activity, Booking, Lead
from tests import world
from tests.intake.readers.samples import as_bytes, changed, connected, hexed, post, without, work_off

AT = {
    "a": "2027-03-01T09:30:00.000000Z",
    "b": "2027-03-02T10:00:00.000000Z",
    "c": "2027-03-03T11:00:00.000000Z",
}


def event(what: str, key: str = "a", was: str | None = None, **more: Any) -> dict[str, Any]:
    """Of Calendly."""
    return {
        "event": what,
        "payload": {
            "uri": key,
            "name": "Anna Berg",
            "email": "anna@acme.example",
            "timezone": "Europe/Berlin",
            "old_invitee": was,
            "new_invitee": None,
            "rescheduled": False,
            "questions_and_answers": [{"question": "Team size?", "answer": "40"}],
            "tracking": {"utm_source": "news", "utm_medium": None},
            "scheduled_event": {
                "name": "Demo",
                "start_time": AT[key],
                "end_time": AT[key],
                "event_memberships": [{"user_email": "rep@us.example"}],
            },
            **more,
        },
    }


CREATED, CANCELLED = event("invitee.created"), event("invitee.canceled", cancellation={"reason": "Ill"})
MOVED, MOVED_ON = event("invitee.created", "b", "a"), event("invitee.created", "c", "b")
OLD_ENDS = event("invitee.canceled", rescheduled=True, new_invitee="b")


def signature(body: bytes, ago: int = 0) -> dict[str, str]:
    stamp = str(int(time.time()) - ago)
    return {"Calendly-Webhook-Signature": f"t={stamp},v1={hexed(stamp.encode() + b'.' + body)}"}


def tell(told: Any) -> Delivery:
    body = as_bytes(told)
    assert post("calendly", body, signature(body)) == 200
    delivery = work_off()
    assert delivery.state == "done", delivery.reason
    return delivery


@pytest.fixture
def meetings(db: None) -> None:
    connected("calendly", mapping={"Team size?": "company_size"})


def kinds() -> list[str]:
    return list(Activity.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.usefixtures("meetings")
class TestCalendly:
    def test_whoever_books_is_a_lead(self) -> None:
        for _ in range(2):  # redelivered
            tell(CREATED)
        lead, booking = Lead.objects.get(), Booking.objects.get()
        assert (lead.name, lead.email, lead.company_size, lead.utm_source) == (
            "Anna Berg",
            "anna@acme.example",
            40,
            "news",
        )
        assert (booking.lead, booking.title, booking.state) == (lead, "Demo", "booked")
        assert kinds() == ["booked"]
        assert Activity.objects.get().details["meeting"]["starts_at"] == "2027-03-01T09:30:00+00:00"

    def test_an_owned_lead_comes_to_the_stage_of_meetings(self) -> None:
        rep = world.rep("Rita")
        world.live(world.rep())
        lead = world.lead(email="anna@acme.example")
        manager = world.user(role="ops")
        ownership.reassign(lead_id=lead.pk, to=rep, by=manager, reason="Hers", now=timezone.now())
        tell(CREATED)
        lead.refresh_from_db()
        assert lead.status == "meeting"
        assert Assignment.objects.get().responded_at is None

    def test_an_open_lead_has_no_second_enquiry(self) -> None:
        lead = Lead.objects.create(name="Anna", email="anna@acme.example")
        tell(CREATED)
        assert Lead.objects.get() == lead and kinds() == ["booked"]

    def test_moved_and_cancelled(self) -> None:
        for told in (CREATED, OLD_ENDS, MOVED, event("invitee.canceled", "b")):
            tell(told)
        assert kinds() == ["booked", "moved", "cancelled"]
        booking = Booking.objects.get()
        assert (booking.key, booking.earlier, booking.state) == ("b", ["a"], "cancelled")

    def test_cancelled_before_it_was_booked(self) -> None:
        tell(CANCELLED)
        tell(CREATED)
        assert kinds() == ["cancelled"] and Booking.objects.get().state == "cancelled"
        assert Activity.objects.get().text == "Demo\nIll"

    @pytest.mark.parametrize("order", list(itertools.permutations([CREATED, OLD_ENDS, MOVED, MOVED_ON])))
    def test_moved_twice_in_any_order(self, order: Any) -> None:
        for told in (*order, *order):
            tell(told)
        booking = Booking.objects.get()
        assert (booking.key, set(booking.earlier), booking.state) == ("c", {"a", "b"}, "booked")
        assert Lead.objects.count() == 1

    def test_a_routing_form_is_an_enquiry(self) -> None:
        answers = [
            {"question": "Email", "answer": "bo@acme.example"},
            {"question": "Need?", "answer": "Desks"},
        ]
        tell(
            {
                "event": "routing_form_submission.created",
                "payload": {"uri": "s", "questions_and_answers": answers},
            }
        )
        lead = Lead.objects.get()
        assert (lead.email, lead.message) == ("bo@acme.example", "Need?: Desks")

    def test_unsigned_changed_and_stale(self) -> None:
        body = as_bytes(CREATED)
        good = signature(body)
        assert [post("calendly", one, good) for one in changed(body)] == [401] * 3
        for bad in (
            {},
            signature(body, 400),
            signature(body, -400),
            {"Calendly-Webhook-Signature": "t=x,v1=y"},
        ):
            assert post("calendly", body, bad) == 401
        assert not Delivery.objects.exists()


def booked(what: str = "BOOKING_CREATED", uid: str = "a", **more: Any) -> dict[str, Any]:
    """Of Cal.com."""
    return {
        "triggerEvent": what,
        "createdAt": "2027-01-01T00:00:00Z",
        "payload": {
            "uid": uid,
            "title": "Demo between us and Anna",
            "eventTitle": "Demo",
            "startTime": AT[uid],
            "endTime": AT[uid],
            "organizer": {"email": "rep@us.example"},
            "responses": {
                "name": {"label": "your_name", "value": "Anna Berg"},
                "notes": {"label": "additional_notes", "value": "Forty seats"},
                "guests": {"label": "additional_guests"},
            },
            "userFieldsResponses": {"size": {"label": "Team size?", "value": ["40", "50"]}},
            "attendees": [{"email": "anna@acme.example", "name": "Anna Berg", "timeZone": "Europe/Berlin"}],
            **more,
        },
    }


def test_cal(db: None) -> None:
    connected("cal")
    told = [
        booked(),
        booked("BOOKING_RESCHEDULED", "b", rescheduleUid="a"),
        booked("PING"),
        booked("BOOKING_CANCELLED", "b", cancellationReason="Ill"),
    ]
    for one in (*told, *told):
        body = as_bytes(one)
        assert post("cal", body, {"X-Cal-Signature-256": hexed(body)}) == 200
        assert work_off().state == "done"
        assert [post("cal", bad, {"X-Cal-Signature-256": hexed(body)}) for bad in changed(body)] == [401] * 3
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.time_zone) == ("Anna Berg", "anna@acme.example", "Europe/Berlin")
    assert lead.message == "Forty seats\nTeam size?: 40, 50"
    assert kinds() == ["booked", "moved", "cancelled"]
    assert Item.objects.get(key__startswith="PING").outcome == "passed"


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (calendly, CREATED),
        (calendly, MOVED),
        (calendly, CANCELLED),
        (cal, booked()),
        (cal, booked("BOOKING_RESCHEDULED")),
    ],
)
def test_whatever_is_missing(reader: Any, told: Any) -> None:
    for one in without(told):
        with contextlib.suppress(Unreadable):
            (heard,) = reader.read(Raw(as_bytes(one)), {}, {})
            assert isinstance(heard, (Booked, Passed))


def test_the_lead_page_says_when(client: Any, meetings: None) -> None:
    tell(CREATED)
    ops = world.user(role="ops", time_zone="Europe/Berlin")
    client.force_login(ops)
    page = client.get(f"/leads/{Lead.objects.get().pk}/").content.decode()
    assert "Next meeting: Demo" in page
    assert "Monday, 1 March 2027, 10:30 CET" in page
