"""Accept, decline, respond, outcome, reassign: by each role, and when it cannot be done."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from leadrouting.leads.models import Activity, Booking, Lead
from leadrouting.notifications.models import OptOut
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Policy
from tests import world
from tests.api.conftest import LEADS, arrive, client_of

pytestmark = pytest.mark.django_db

BODIES = {
    "accept": {},
    "decline": {"reason": "Not my field"},
    "respond": {"kind": "call", "text": "Spoke to Max"},
    "outcome": {"outcome": "won", "revenue": "100.50"},
    "do-not-contact": {"reason": "Said so on the phone"},
    "contact-again": {},
    "feedback": {"fit": 2, "reason": "Speaks Dutch", "dispute": True, "rather": "Cal"},
    "reassign": {"to": 0, "reason": "Speaks Dutch"},
}
OWNERS = {"rep": 200, "manager": 403, "other": 404, "ops": 403, "service": 403}
MANAGERS = {"rep": 403, "manager": 200, "other": 404, "ops": 200, "service": 403}
MAY = {
    "accept": OWNERS,
    "decline": OWNERS,
    "respond": OWNERS,
    "feedback": OWNERS,
    "outcome": {**OWNERS, "manager": 200, "ops": 200},
    "reassign": MANAGERS,
    "do-not-contact": {**OWNERS, "manager": 200, "ops": 200},
    "contact-again": {**OWNERS, "manager": 200, "ops": 200},
}


def post(client, lead, act, **body):
    return client.post(f"{LEADS}{lead.pk}/{act}/", body)


@pytest.mark.parametrize(("act", "who"), [(act, who) for act, roles in MAY.items() for who in roles])
def test_who_may(cast, act, who):
    cal = world.rep("Cal Cook", team=cast.ann.team)
    lead = arrive()
    body = {**BODIES[act], **({"to": cal.pk} if act == "reassign" else {})}
    answer = post(cast.client(who), lead, act, **body)

    assert answer.status_code == MAY[act][who], answer.content
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"
        lead.refresh_from_db()
        assert (lead.owner, lead.status) == (cast.ann, "assigned")


def test_from_acceptance_to_revenue(cast):
    lead, ann = arrive(), cast.client("rep")

    assert post(ann, lead, "accept").json()["status"] == "accepted"
    assert post(ann, lead, "respond", **BODIES["respond"]).json()["status"] == "contacted"
    assert Clock.objects.get().outcome == "met"
    body = post(ann, lead, "outcome", **BODIES["outcome"]).json()
    assert body["status"] == "won" and body["owner"]["name"] == "Ann Archer"
    assert Lead.objects.get().revenue == Decimal("100.50")
    assert set(Activity.objects.values_list("kind", flat=True)) == {"accepted", "call", "outcome"}
    assert cast.client("rep").get(f"{LEADS}{lead.pk}/").json()["responded_at"] is not None


def test_decline_says_who_has_it_now_and_why(cast):
    cal = world.rep("Cal Cook", team=cast.ann.team)
    world.live(cast.ann, cal)
    lead = arrive()
    body = post(cast.client("rep"), lead, "decline", reason="On holiday").json()

    assert body["owner"] == {"id": cal.pk, "name": "Cal Cook"}
    assert body["reason"].startswith("Declined by Ann Archer: On holiday.") and body["respond_by"]
    assert cast.client("rep").get(f"{LEADS}{lead.pk}/").status_code == 404


def test_reassign_stays_in_the_managers_team(cast):
    lead = arrive()
    other_team = post(cast.client("manager"), lead, "reassign", to=cast.bob.pk, reason="Dutch")
    nobody = post(cast.client("ops"), lead, "reassign", to=10**9, reason="Dutch")
    same = post(cast.client("ops"), lead, "reassign", to=cast.ann.pk, reason="Dutch")
    done = post(cast.client("ops"), lead, "reassign", to=cast.bob.pk, reason="Dutch")

    assert other_team.status_code == 403 and "not in your team" in other_team.json()["detail"]
    assert nobody.status_code == 400 and "There is no rep" in nobody.json()["errors"]["to"][0]
    assert same.status_code == 409 and same.json()["code"] == "refused"
    assert done.json()["reason"] == "Bob Baker, reassigned by Olga Ops: Dutch."


def test_a_closed_lead_refuses_further_acts(cast):
    lead, ann = arrive(), cast.client("rep")
    post(ann, lead, "outcome", outcome="lost", reason="No budget")

    for act in ("accept", "decline", "respond", "outcome"):
        answer = post(ann, lead, act, **BODIES[act])
        assert answer.status_code == 409 and "closed already (lost)" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("accept", {"reason": "x"}, "reason"),
        ("decline", {}, "reason"),
        ("decline", {"reason": " "}, "reason"),
        ("respond", {"kind": "note"}, "kind"),
        ("respond", {"txt": "x"}, "txt"),
        ("outcome", {"outcome": "maybe"}, "outcome"),
        ("outcome", {"outcome": "won", "revenue": -1}, "revenue"),
        ("reassign", {"to": "Bob", "reason": "x"}, "to"),
        ("reassign", {"to": 1}, "reason"),
    ],
)
def test_bad_input(cast, act, body, field):
    lead = arrive()
    answer = post(cast.client("ops"), lead, act, **body)

    assert answer.status_code == 400 and field in answer.json()["errors"]


def test_won_needs_revenue(cast):
    answer = post(cast.client("rep"), arrive(), "outcome", outcome="won")
    assert answer.status_code == 409 and "needs its revenue" in answer.json()["detail"]


def test_queries_of_each_act(cast, django_assert_max_num_queries):
    lead, client = arrive(), cast.client("rep")
    for act, most in (("accept", 20), ("respond", 21), ("outcome", 21)):
        with django_assert_max_num_queries(most):
            assert post(client, lead, act, **BODIES[act]).status_code == 200


def test_a_note_to_the_next_owner(cast):
    cal, lead = world.rep("Cal Cook", team=cast.ann.team), arrive()
    answer = post(cast.client("manager"), lead, "reassign", to=cal.pk, reason="Dutch", note="Call her first")
    assert answer.status_code == 200, answer.content
    assert Activity.objects.get(lead=lead, kind="handover").text == "Call her first"
    answer = post(client_of(cal.user), lead, "decline", reason="No", note="Still to be called")
    assert answer.status_code == 200, answer.content
    assert Activity.objects.filter(lead=lead, kind="handover").count() == 2


def test_clocks_and_a_pause_are_told(cast):
    Policy.objects.update(is_active=False)
    make("Two", {"accept": timedelta(minutes=5), "respond": timedelta(hours=1)}, hours="always")
    lead, client = arrive(), cast.client("rep")
    told = client.get(f"{LEADS}{lead.pk}/").json()
    assert [(one["kind"], one["policy"]) for one in told["clocks"]] == [("accept", "Two"), ("respond", "Two")]
    assert told["paused"] is None and told["clocks"][1]["due_at"] == told["respond_by"]
    paused = post(client, lead, "pause", reason="On holiday").json()["paused"]
    assert (paused["reason"], paused["by"]["id"]) == ("On holiday", cast.ann.pk)
    assert post(client, lead, "resume").json()["paused"] is None
    assert [one["kind"] for one in post(client, lead, "accept").json()["clocks"]] == ["respond"]
    assert post(client, lead, "respond").json()["clocks"] == []
    assert post(client, lead, "pause", reason="They are away").json()["paused"]["reason"] == "They are away"


def test_a_prospect_who_is_not_to_be_contacted(cast):
    lead, ann = arrive(email="max@acme.example", phone="+4930901820"), cast.client("rep")
    assert post(ann, lead, "do-not-contact", reason="Said so on the phone").json()["do_not_contact"] is True
    assert ann.get(f"{LEADS}{lead.pk}/").json()["do_not_contact"] is True
    assert [one["do_not_contact"] for one in ann.get(LEADS).json()["results"]] == [True]
    assert set(OptOut.objects.values_list("address", "how", "by")) == {
        ("max@acme.example", "Said so on the phone", cast.ann.pk),
        ("+4930901820", "Said so on the phone", cast.ann.pk),
    }
    assert post(ann, lead, "contact-again").json()["do_not_contact"] is False
    Lead.objects.filter(pk=lead.pk).update(email="", phone="")
    answer = post(ann, lead, "do-not-contact")
    assert answer.status_code == 409 and "no e-mail address and no phone number" in answer.json()["detail"]


def test_the_next_meeting_is_told(cast):
    lead, ann, now = arrive(), cast.client("rep"), timezone.now()
    for key, days, state in (
        ("past", -2, "booked"),
        ("off", 1, "cancelled"),
        ("on", 3, "booked"),
        ("far", 9, "booked"),
    ):
        at = now + timedelta(days=days)
        Booking.objects.create(
            lead=lead, scope="x", key=key, state=state, starts_at=at, ends_at=at + timedelta(hours=1)
        )
    told = (now + timedelta(days=3)).isoformat().replace("+00:00", "Z")
    assert ann.get(f"{LEADS}{lead.pk}/").json()["next_meeting_at"] == told
    assert ann.get(LEADS).json()["results"][0]["next_meeting_at"] == told


def test_feedback_is_a_fit_a_dispute_or_both(cast):
    lead = arrive()
    client = cast.client("rep")
    assert post(client, lead, "feedback", fit=4).status_code == 200
    assert post(client, lead, "feedback", dispute=True, reason="Speaks Dutch").status_code == 200
    held = lead.assignments.get()
    assert (held.feedback.fit, held.disputes.get().reason) == (4, "Speaks Dutch")
    for body in ({}, {"fit": 6}, {"fit": 0}, {"dispute": "perhaps"}, {"fit": 3, "stars": 5}):
        assert post(client, lead, "feedback", **body).status_code == 400, body
    for body in ({"fit": 2}, {"dispute": True, "reason": "Again"}):
        assert post(client, lead, "feedback", **body).status_code == 409, body
