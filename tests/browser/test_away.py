"""Somebody is away or absent: the next lead goes elsewhere, and its page says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Absence
from tests import world
from tests.workspace.scenes import Scene, at_work


@pytest.fixture
def scene(transactional_db: None, chromium: object) -> Scene:
    return at_work()


def arrived(name: str) -> Lead:
    lead = world.lead(name=name)
    route(lead.pk, now=timezone.now())
    lead.refresh_from_db()
    return lead


def why(open_as, scene: Scene, lead: Lead):
    page = open_as(scene.mira, f"/leads/{lead.pk}/")
    page.locator("main details:not(.menu)").evaluate_all("all => all.forEach(one => one.open = true)")
    return page


def test_whoever_says_away_gets_no_lead_and_the_lead_says_why(scene, open_as):
    page = open_as(scene.tom.user, "/leads/")
    page.get_by_text("Presence: Available").first.click()
    page.get_by_role("button", name="Away").click()
    expect(page.get_by_text("You are away: no new leads")).to_be_visible()
    lead = arrived("Nina Holm")
    assert lead.owner_id == scene.priya.pk
    seen = why(open_as, scene, lead)
    expect(seen.locator("main")).to_contain_text("Tom Dvorak")
    expect(seen.locator("main")).to_contain_text("away")


def test_whoever_is_absent_gets_no_lead_and_the_calendar_shows_it(scene, open_as):
    page = open_as(scene.tom.user, "/team/calendar/")
    today = timezone.localdate()
    page.get_by_label("First day").fill(today.isoformat())
    page.get_by_label("Last day").fill((today + timedelta(days=1)).isoformat())
    page.get_by_label("Reason").fill("Moving house")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("New leads go to others meanwhile")).to_be_visible()
    expect(page.locator("td.away")).to_have_count(2)
    assert Absence.objects.get().rep == scene.tom
    lead = arrived("Nina Holm")
    assert lead.owner_id == scene.priya.pk
    seen = why(open_as, scene, lead)
    expect(seen.locator("main")).to_contain_text("Tom Dvorak")
    expect(seen.locator("main")).to_contain_text("absent")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("not away on these days any more")).to_be_visible()
