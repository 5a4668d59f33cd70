"""The keyboard alone, and the arrival of a lead."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from leadrouting.leads.models import DeclineReason
from tests.workspace.scenes import Scene, at_work

CHIMES = "window.chimes = 0; AudioContext.prototype.createGain = new Proxy(AudioContext.prototype.createGain, {apply: (f, self, args) => {window.chimes += 1; return Reflect.apply(f, self, args);}}); 0"


@pytest.fixture
def scene(transactional_db: None, chromium: object) -> Scene:
    return at_work()


def test_a_lead_is_found_accepted_and_answered_without_a_mouse(scene, open_as):
    scene.priyas(name="Second Lead")
    page = open_as(scene.priya.user, "/leads/")
    names = page.locator(".lead .name")
    expect(names).to_have_count(2)
    page.keyboard.press("j")
    expect(names.first).to_be_focused()
    page.keyboard.press("j")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("j")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(names.first).to_be_focused()
    page.keyboard.press("k")
    first = names.first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=first)).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted. Answer before the clock runs out.")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_label("What was said")).to_be_focused()
    page.keyboard.type("jar")
    expect(page.get_by_label("What was said")).to_have_value("jar")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Answered in time")).to_be_visible()
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile("/leads/$"))


def test_accepting_from_the_list(scene, open_as):
    page = open_as(scene.priya.user, "/leads/")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_text("Accepted. Answer before the clock runs out.")).to_be_visible()


def test_declining_opens_where_one_chooses_why(scene, open_as):
    DeclineReason.objects.update_or_create(label="Not my product", defaults={"is_active": True})
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    page.keyboard.press("d")
    expect(page.get_by_label("Why do you pass it on?")).to_be_focused()


def test_the_list_of_keys_and_switching_them_off(scene, open_as):
    page = open_as(scene.priya.user, "/leads/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Log your response")
    page.get_by_label("Keys of one letter are on").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator(".lead .name").first).not_to_be_focused()
    page.reload()
    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Keyboard and sound").click()
    page.get_by_label("Keys of one letter are on").check()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator(".lead .name").first).to_be_focused()


def test_a_lead_that_arrives_slides_in_and_is_heard(scene, open_as):
    page = open_as(scene.priya.user, "/leads/")
    page.evaluate(CHIMES)
    page.evaluate("audio = new AudioContext(); audio.resume()")
    page.get_by_role("heading", name="My leads").click()
    scene.priyas(name="Fresh Lead")
    expect(page.locator(".lead.arrived")).to_contain_text("Fresh Lead")
    page.wait_for_function("window.chimes === 1")


def test_the_sound_can_be_switched_off(scene, open_as):
    page = open_as(scene.priya.user, "/leads/")
    page.evaluate(CHIMES)
    page.keyboard.press("?")
    page.get_by_label("A sound when a lead arrives").uncheck()
    page.keyboard.press("Escape")
    scene.priyas(name="Fresh Lead")
    expect(page.locator(".lead.arrived")).to_contain_text("Fresh Lead")
    assert page.evaluate("window.chimes") == 0
