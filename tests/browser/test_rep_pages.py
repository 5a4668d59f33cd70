"""What a rep and a manager do in a browser, and what happens on an open page meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadrouting.assignments import ownership
from leadrouting.leads.models import Activity, DeclineReason
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Rep, User
from tests import world
from tests.browser.conftest import PHONE
from tests.workspace.scenes import Scene, at_work

LONG = "Maximilian Alexander von Hohenberg-Wittgenstein-Sayn"


@pytest.fixture
def scene(transactional_db: None, chromium: object) -> Scene:
    return at_work()


def test_logging_in_by_a_demo_log_in(scene, open_as, settings):
    scene.priya.user.set_password("demo-demo")
    scene.priya.user.save()
    settings.DEMO, settings.DEMO_LOGINS = True, [("Rep, Berlin", scene.priya.user.username, "demo-demo")]
    page = open_as(None, "/")
    page.get_by_role("button", name="Rep, Berlin").click()
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="My leads")).to_be_visible()


def test_a_lead_arrives_by_itself_and_is_answered(scene, open_as):
    page = open_as(scene.priya.user, "/leads/")
    expect(page.get_by_role("link", name="Anna Berg")).to_be_visible()
    scene.priyas(name="Fresh Lead")
    expect(page.get_by_role("link", name="Fresh Lead")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("New lead: Fresh Lead")
    expect(page.get_by_role("link", name="Inbox 2 unread")).to_be_visible()
    page.get_by_role("link", name="Fresh Lead").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted. Answer before the clock runs out.")).to_be_visible()
    page.get_by_text("E-mail", exact=True).last.click()
    page.get_by_label("What was said").fill("Sent the price list")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Answered in time")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Sent the price list")
    expect(page.get_by_label("What was said")).to_have_value("")


def test_the_countdown_counts(scene, open_as):
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    due = page.locator(".clock .due")
    expect(due).to_have_text(re.compile(r"^59:\d\d$"))
    before = due.inner_text()
    expect(due).not_to_have_text(before)


def test_what_is_being_typed_survives_what_happens_meanwhile(scene, open_as):
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    said = page.get_by_label("What was said")
    said.press_sequentially("We spoke about ")
    ownership.note(scene.lead, Activity.Kind.NOTE, scene.mira, timezone.now(), "Big one, hurry")
    expect(page.locator(".timeline")).to_contain_text("Big one, hurry")
    expect(said).to_have_value("We spoke about ")
    expect(said).to_be_focused()
    page.keyboard.type("prices")
    page.reload()
    expect(said).to_have_value("We spoke about prices")


def test_a_lead_that_moves_on_while_somebody_types_hands_the_words_back(scene, open_as):
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    page.get_by_label("What was said").press_sequentially("A long story")
    ownership.reassign(
        lead_id=scene.lead.pk, to=scene.tom, by=scene.mira, reason="Knows them", now=timezone.now()
    )
    expect(page.get_by_role("heading", name="Anna Berg has moved on")).to_be_visible()
    expect(page.get_by_label("What you typed was not saved")).to_have_value("A long story")


def test_the_keyboard_keeps_its_place_when_the_list_changes(scene, open_as):
    page = open_as(scene.priya.user, "/leads/")
    page.get_by_role("link", name="Anna Berg").focus()
    scene.priyas(name="Fresh Lead")
    expect(page.get_by_role("link", name="Fresh Lead")).to_be_visible()
    expect(page.get_by_role("link", name="Anna Berg")).to_be_focused()


def test_two_quick_clicks_log_one_call(scene, open_as):
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    page.get_by_label("What was said").fill("Once")
    page.get_by_role("button", name="Log it").dblclick()
    expect(page.get_by_text("Answered in time")).to_be_visible()
    assert Activity.objects.filter(lead=scene.lead, kind="call").count() == 1


def test_winning_with_a_typing_mistake(scene, open_as):
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    page.locator("#won > summary").click()
    expect(page.get_by_label("Revenue")).to_be_focused()
    page.get_by_label("Revenue").fill("12,50")
    page.get_by_role("button", name="Mark as won").click()
    expect(page.get_by_text("“12,50” is not an amount.")).to_be_visible()
    page.get_by_label("Revenue").fill("12,500.50")
    page.get_by_role("button", name="Mark as won").click()
    expect(page.get_by_text("Anna Berg is closed as won.")).to_be_visible()
    expect(page.locator(".clock")).to_contain_text("12,500.50")


def test_declining_leads_back_to_the_list(scene, open_as):
    DeclineReason.objects.update_or_create(label="Not my product", defaults={"is_active": True})
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    page.locator("#decline > summary").click()
    page.get_by_label("Why do you pass it on?").select_option("Not my product")
    page.get_by_role("button", name="Pass it on").click()
    expect(page).to_have_url(re.compile(r"/leads/$"))
    expect(page.get_by_text("Tom Dvorak has it now.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing to answer")).to_be_visible()


def test_searching_while_the_list_comes_anew(scene, open_as):
    scene.priyas(name="Somebody Else")
    page = open_as(scene.priya.user, "/leads/")
    page.keyboard.press("/")
    page.evaluate("""() => {
        const search = document.getElementById("search");
        search.value = "anna";
        document.dispatchEvent(new CustomEvent("htmx:afterSwap",
            {detail: {requestConfig: {triggeringEvent: {type: "live"}}}}));
    }""")
    expect(page.get_by_role("link", name="Somebody Else")).to_have_count(0)
    expect(page.get_by_role("link", name="Anna Berg")).to_be_visible()


def test_searching_while_typing(scene, open_as):
    scene.priyas(name="Somebody Else")
    page = open_as(scene.priya.user, "/leads/")
    page.keyboard.press("/")
    page.keyboard.type("anna")
    expect(page.get_by_role("link", name="Somebody Else")).to_have_count(0)
    expect(page.get_by_role("link", name="Anna Berg")).to_be_visible()
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#search")).to_have_value("anna")
    assert page.url.endswith("?q=anna&show=open")


def test_presence_and_theme_by_keyboard(scene, open_as):
    page = open_as(scene.priya.user, "/leads/", color_scheme="light")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.locator(".presence summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Busy")).not_to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Busy").press("Enter")
    expect(page.get_by_text("new leads go to others")).to_be_visible()
    assert Rep.objects.get(pk=scene.priya.pk).presence == "busy"
    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_everything_works_without_script(scene, open_as):
    page = open_as(scene.priya.user, "/leads/", java_script_enabled=False)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted. Answer before the clock runs out.")).to_be_visible()
    page.get_by_role("link", name="Anna Berg").click()
    page.get_by_label("What was said").fill("Called")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Answered in time")).to_be_visible()
    page.locator("#lost > summary").click()
    page.get_by_role("button", name="Mark as junk").click()
    expect(page.get_by_text("Anna Berg is closed as junk.")).to_be_visible()


def test_the_manager_sees_it_move_and_reassigns(scene, open_as):
    page = open_as(scene.mira, "/team/")
    expect(page.locator(".figure")).to_have_count(8)
    page.get_by_text("Lead conversion").click()
    expect(page.locator("#figure-lead_conversion").get_by_text("0 ÷ 1")).to_be_visible()
    scene.priyas(name="Fresh Lead")
    page.locator(".lines").get_by_role("link", name="Fresh Lead").click()
    page.locator("#reassign-menu > summary").click()
    page.get_by_label("Who gets it?").select_option(str(scene.tom.pk))
    page.get_by_label("Why?").last.fill("Speaks Czech")
    page.get_by_role("button", name="Reassign").click()
    expect(page.get_by_text("Reassigned. Tom Dvorak has it now.")).to_be_visible()


def with_long_names(scene: Scene) -> None:
    User.objects.filter(pk__in=[scene.priya.pk, scene.mira.pk]).update(name=LONG)
    scene.lead.name = scene.lead.company = f"{LONG} {LONG}"
    scene.lead.product = LONG
    scene.lead.utm_campaign, scene.lead.attributes = "x" * 110, {"a" * 60: "b" * 200}
    scene.lead.landing_page = f"https://example.com/{'a' * 300}"
    scene.lead.save()
    Clock.objects.filter(lead=scene.lead).update(due_at=timezone.now() + timedelta(minutes=3))
    stray = world.lead(name=LONG * 2)
    ownership.route_many([ownership.Order(stray.pk, to_catch_all=True)], timezone.now())


@pytest.mark.parametrize("size", [PHONE, (768, 1024), (1600, 1000)], ids=["phone", "tablet", "wide"])
def test_nothing_is_wider_than_the_screen_and_everything_has_a_name(scene, open_as, size):
    with_long_names(scene)
    lead = f"/leads/{scene.lead.pk}/"
    for user, path in [
        (None, "/login/"),
        (scene.priya.user, "/leads/"),
        (scene.priya.user, lead),
        (scene.priya.user, "/inbox/"),
        (scene.priya.user, "/nowhere/"),
        (scene.tom.user, lead),
        (scene.mira, "/team/"),
        (scene.mira, "/leads/?show=waiting"),
        (scene.mira, lead),
    ]:
        page = open_as(user, path, size)
        assert overflow(page) <= 0, f"{path} is wider than {size[0]} px"
        assert unnamed(page) == [], f"{path} has controls without a name"
        assert page.locator("h1").count() == 1


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def unnamed(page: Page) -> list[str]:
    """Controls that a screen reader could only call "button" or "edit"."""
    return page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")]
        .filter(one => !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length))
        .map(one => one.outerHTML)"""
    )


def test_who_comes_back_from_a_call_is_asked_what_came_of_it(scene, open_as):
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    question = page.get_by_label("You called. What came of it?")
    expect(question).to_be_hidden()
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault(), true)")
    page.get_by_role("link", name="Call").click()
    expect(question).to_be_visible()
    assert not Activity.objects.filter(lead=scene.lead, kind=Activity.Kind.CALL).exists()
    question.fill("Wants a visit")
    ownership.note(scene.lead, Activity.Kind.NOTE, scene.mira, timezone.now(), "Big one, hurry")
    expect(page.locator(".timeline")).to_contain_text("Big one, hurry")
    expect(question).to_have_value("Wants a visit")
    page.reload()
    expect(question).to_have_value("Wants a visit")
    page.get_by_role("button", name="We spoke").click()
    expect(page.get_by_text("Answered in time")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Wants a visit")
    expect(question).to_be_hidden()


def test_who_did_not_call_after_all_is_asked_no_more(scene, open_as):
    page = open_as(scene.priya.user, f"/leads/{scene.lead.pk}/")
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault(), true)")
    page.get_by_role("link", name="Call").click()
    page.get_by_role("button", name="I did not call").click()
    page.reload()
    expect(page.get_by_label("You called. What came of it?")).to_be_hidden()
    assert not Activity.objects.filter(lead=scene.lead, actor=scene.priya.user).exists()
