"""A rep's day and a manager's, from logging in, with the keyboard alone: wide and on a phone, light and dark."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadrouting.assignments.models import Dispute, Feedback
from leadrouting.leads.models import DeclineReason, Lead
from leadrouting.teams.models import Absence, Rep, User
from tests.browser.conftest import PHONE, WIDE
from tests.browser.hands import Hands
from tests.workspace.scenes import Scene, at_work

LOOKS = [
    pytest.param(size, scheme, id=f"{name}-{scheme}")
    for name, size in (("wide", WIDE), ("phone", PHONE))
    for scheme in ("light", "dark")
]


@pytest.fixture
def scene(transactional_db: None, chromium: object) -> Scene:
    DeclineReason.objects.update_or_create(label="Not my product", defaults={"is_active": True})
    scene = at_work()
    for user in (scene.priya.user, scene.mira):
        user.set_password("secret-secret")
        user.save()
    return scene


def log_in(hands: Hands, user: User) -> None:
    expect(hands.page.get_by_label("User name")).to_be_focused()
    hands.type(user.username)
    hands.press("Tab")
    hands.type("secret-secret")
    hands.press("Enter")


def said(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_reps_day(scene, open_as, size, scheme):
    won, passed_on = scene.lead, scene.priyas(name="Second Lead")
    page = open_as(None, "/", size, color_scheme=scheme)
    hands = Hands(page)
    log_in(hands, scene.priya.user)
    expect(page.get_by_role("heading", name="My leads")).to_be_visible()

    page.get_by_role("link", name="Anna Berg").wait_for()
    hands.press("j")
    if not page.get_by_role("link", name="Anna Berg").evaluate("it => it === document.activeElement"):
        hands.press("j")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Anna Berg")).to_be_visible()
    hands.press("a")
    said(page, "Accepted. Answer before the clock runs out.")
    hands.press("r")
    expect(page.get_by_label("What was said")).to_be_focused()
    hands.type("They want a price list")
    hands.choose("button", "Log it")
    said(page, "Answered in time")

    hands.to(page.locator("[name=fit][value='1']"))
    hands.press(*["ArrowRight"] * 3)
    hands.fill("Why? Needed for 1 and 2", "Just my market")
    hands.press("Enter")
    said(page, "Fit: 4 of 5.")
    assert Feedback.objects.get().fit == 4

    page.reload()
    hands.to(page.locator("#won > summary"))
    hands.press("Enter")
    expect(page.get_by_label("Revenue")).to_be_focused()
    hands.type("1200")
    hands.choose("button", "Mark as won")
    said(page, "Anna Berg is closed as won.")
    assert Lead.objects.get(pk=won.pk).revenue == Decimal(1200)

    hands.press("u")
    expect(page).to_have_url(re.compile(r"/leads/(\?.*)?$"))
    page.get_by_role("link", name="Second Lead").wait_for()
    hands.press("j", "Enter")
    expect(page.get_by_role("heading", name="Second Lead")).to_be_visible()
    hands.press("d")
    expect(page.get_by_label("Why do you pass it on?")).to_be_focused()
    hands.type("Not")
    hands.choose("button", "Pass it on")
    expect(page).to_have_url(re.compile(r"/leads/(\?.*)?$"))
    said(page, "Second Lead")
    assert Lead.objects.get(pk=passed_on.pk).owner_id != scene.priya.pk

    page.reload()
    hands.to(page.locator(".presence > summary"))
    hands.press("Enter")
    hands.choose("button", "Busy")
    said(page, "new leads go to others")
    assert Rep.objects.get(pk=scene.priya.pk).presence == "busy"


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_managers_day(scene, open_as, size, scheme):
    Dispute.objects.create(
        assignment=scene.lead.assignments.get(ended_at=None), reason="Not my market", made_at=timezone.now()
    )
    page = open_as(None, "/", size, color_scheme=scheme)
    hands = Hands(page)
    log_in(hands, scene.mira)
    expect(page).to_have_url(re.compile("/team/$"))

    hands.fill("Your answer", "Every mid-size firm is ours")
    hands.choose("button", "The rule was right")
    expect(page.get_by_label("Your answer")).to_have_count(0)
    assert Dispute.objects.get().answer == "Every mid-size firm is ours"

    hands.choose("link", "Board")
    expect(page.get_by_role("link", name="Anna Berg", exact=True)).to_be_visible()
    page.wait_for_load_state()
    hands.press("j")
    expect(page.get_by_role("link", name="Anna Berg", exact=True)).to_be_focused()
    hands.press("m")
    expect(page.get_by_label("Who gets it?")).to_be_focused()
    hands.press("T", "Tab")
    hands.type("Balance")
    hands.press("Enter")
    said(page, "Anna Berg went from Priya Raghunathan to Tom Dvorak.")
    assert Lead.objects.get(pk=scene.lead.pk).owner == scene.tom
    hands.choose("button", "Undo")
    said(page, "Undone. Priya Raghunathan has it now.")
    assert Lead.objects.get(pk=scene.lead.pk).owner == scene.priya

    hands.choose("link", "Calendar")
    expect(page.get_by_role("heading", name="Who is away")).to_be_visible()
    hands.to(page.get_by_label("Who", exact=True))
    hands.type("Tom")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for label in ("First day", "Last day"):
        hands.fill(label, f"{tomorrow:%m%d%Y}")
    hands.fill("Reason (the team sees it)", "Trade fair")
    hands.press("Enter")
    said(page, "Trade fair")
    absence = Absence.objects.get()
    assert (absence.rep, absence.first_day, absence.last_day) == (scene.tom, tomorrow, tomorrow)
    hands.choose("button", "Withdraw")
    said(page, "Tom Dvorak is not away on these days any more.")
    assert not Absence.objects.exists()
