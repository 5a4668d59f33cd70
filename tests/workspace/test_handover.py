"""The note to the next owner, reasons to decline, and who has owned a lead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.assignments import ownership
from leadrouting.leads.models import Activity, DeclineReason
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db


def page(client, lead) -> str:
    return client.get(f"/leads/{lead.pk}/").content.decode()


def test_a_note_is_shown_to_the_next_owner_until_they_respond(scene, as_):
    declined = {"reason": "No time today", "handover": "Call before noon."}
    as_(scene.priya).post(f"/leads/{scene.lead.pk}/decline/", declined)
    scene.lead.refresh_from_db()
    assert scene.lead.owner == scene.tom
    told = "Priya Raghunathan leaves you a note"
    assert told in page(as_(scene.tom), scene.lead) and "Call before noon." in page(
        as_(scene.tom), scene.lead
    )
    assert told not in page(as_(scene.mira), scene.lead)

    ownership.respond(lead_id=scene.lead.pk, by=scene.tom.user, now=scene.now + timedelta(hours=1))
    after = page(as_(scene.tom), scene.lead)
    assert told not in after and "Call before noon." in after, "it stays in the timeline"


def test_a_manager_leaves_a_note(scene, as_):
    body = {"to": scene.tom.pk, "reason": "Speaks Dutch", "handover": "She wants a demo."}
    as_(scene.mira).post(f"/leads/{scene.lead.pk}/reassign/", body)
    assert "Mira Lindqvist leaves you a note" in page(as_(scene.tom), scene.lead)


def test_no_note_leaves_nothing(scene):
    ownership.decline(lead_id=scene.lead.pk, by=scene.priya.user, reason="No", handover="  ", now=scene.now)
    assert not Activity.objects.filter(kind="handover").exists()


class TestReasons:
    @pytest.fixture(autouse=True)
    def _offered(self, scene):
        for label in ("Not my product", "Not my region", "No time today"):
            DeclineReason.objects.get_or_create(label=label)

    def test_those_that_are_offered(self, scene, as_):
        DeclineReason.objects.filter(label="Not my region").update(is_active=False)
        DeclineReason.objects.create(label="On a fair", position=9)
        shown = page(as_(scene.priya), scene.lead)
        assert "On a fair" in shown and "Not my product" in shown and "Not my region" not in shown

    def test_in_own_words(self, scene, as_):
        client, address = as_(scene.priya), f"/leads/{scene.lead.pk}/decline/"
        refused = client.post(address, {"reason": "other", "handover": "Keep me"})
        assert refused.status_code == 422
        assert "in your own words" in refused.content.decode() and "Keep me" in refused.content.decode()
        client.post(address, {"reason": "other", "other": "My cousin"})
        assert scene.lead.decisions.first().reason == "My cousin"

    def test_sales_ops_see_how_often(self, scene, as_):
        now = scene.now
        ownership.decline(lead_id=scene.lead.pk, by=scene.priya.user, reason="No time today", now=now)
        ownership.decline(lead_id=scene.lead.pk, by=scene.tom.user, reason="My cousin", now=now)
        ops = world.user(role=User.Role.OPS, is_staff=True, is_superuser=True)
        answer = as_(ops).get("/admin/leads/declinereason/")
        times = {one.label: one.times for one in answer.context["cl"].result_list}
        assert times["No time today"] == 1 and times["Not my product"] == 0
        assert "In other words: 1 more" in answer.content.decode()


def test_who_has_owned_it(scene, as_):
    lead, later = scene.lead, scene.now + timedelta(minutes=5)
    ownership.reassign(lead_id=lead.pk, to=scene.tom, by=scene.mira, reason="Speaks Dutch", now=later)
    ownership.respond(lead_id=lead.pk, by=scene.tom.user, now=later + timedelta(minutes=12))
    shown = page(as_(scene.mira), lead)
    assert "<h2>Owners</h2>" in shown and "First response after 12 min." in shown
    assert "No response logged." in shown and "Speaks Dutch" in shown
