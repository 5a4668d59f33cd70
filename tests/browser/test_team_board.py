"""Moving leads on the team's board: by mouse, by keys, on a phone, and two people at once."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadrouting.assignments import ownership
from leadrouting.assignments.orders import Cause
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Task
from leadrouting.teams.models import User
from tests import world
from tests.browser.conftest import PHONE
from tests.workspace.scenes import Scene, at_work

BOARD = "/team/board/"


@pytest.fixture
def scene(transactional_db: None, chromium: object) -> Scene:
    return at_work()


def column(page: Page, name: str):
    return page.locator(".deck-column").filter(has=page.get_by_role("heading", name=name))


def test_a_lead_is_dragged_to_another_rep_and_the_move_undone(scene, open_as):
    page = open_as(scene.mira, BOARD)
    page.locator(".deck-card").drag_to(column(page, "Tom Dvorak"))
    sheet = page.get_by_role("dialog", name="Move Anna Berg")
    expect(sheet).to_contain_text("It is with Priya Raghunathan.")
    expect(sheet.get_by_label("Who gets it?")).to_have_value(str(scene.tom.pk))
    expect(sheet.get_by_label("Why?")).to_be_focused()
    page.keyboard.type("Speaks Czech")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Anna Berg went from Priya Raghunathan to Tom Dvorak.")
    expect(column(page, "Tom Dvorak")).to_contain_text("Anna Berg")
    assert Lead.objects.get(pk=scene.lead.pk).owner == scene.tom
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone. Priya Raghunathan has it now.")
    expect(column(page, "Priya Raghunathan")).to_contain_text("Anna Berg")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_by_keys_alone_and_the_last_reason_is_suggested(scene, open_as):
    second = scene.priyas(name="Second Lead")
    page = open_as(scene.mira, BOARD)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Anna Berg", exact=True)).to_be_focused()
    page.keyboard.press("m")
    sheet = page.get_by_role("dialog", name="Move Anna Berg")
    expect(sheet.get_by_label("Who gets it?")).to_be_focused()
    page.keyboard.press("T")
    page.keyboard.press("Tab")
    page.keyboard.type("Balance")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Anna Berg went from")
    expect(column(page, "Tom Dvorak")).to_contain_text("Anna Berg")
    expect(page.locator(f"#card-{scene.lead.pk} .name")).to_be_focused()
    page.locator(f"#card-{second.pk} .name").focus()
    page.keyboard.press("m")
    expect(page.get_by_label("Why?")).to_have_value("Balance")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(column(page, "Priya Raghunathan")).to_contain_text("Second Lead")


def test_dropping_where_it_was_or_on_a_queue_does_nothing(scene, open_as):
    waiting = world.lead(name="Wanda Waits")
    to_queue = ownership.Order(waiting.pk, Cause.REROUTE, to_queue=scene.queue.pk)
    ownership.route_many([to_queue], timezone.now())
    page = open_as(scene.mira, BOARD)
    card = page.locator(f"#card-{scene.lead.pk}")
    card.drag_to(column(page, "Priya Raghunathan"))
    card.drag_to(column(page, "Triage EMEA"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(f"#card-{waiting.pk}").drag_to(column(page, "Tom Dvorak"))
    page.get_by_label("Why?").fill("Free now")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Wanda Waits went from Triage EMEA to Tom Dvorak.")
    expect(column(page, "Tom Dvorak")).to_contain_text("Wanda Waits")


def test_on_a_phone_by_the_button_and_nothing_sticks_out(scene, open_as):
    page = open_as(scene.mira, BOARD, size=PHONE, has_touch=True)
    page.get_by_role("link", name="Move Anna Berg").tap()
    page.get_by_label("Who gets it?").select_option(str(scene.tom.pk))
    page.get_by_label("Why?").fill("Balance")
    page.get_by_role("button", name="Move", exact=True).tap()
    expect(page.locator("#toasts")).to_contain_text("went from Priya Raghunathan to Tom Dvorak")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_two_people_at_once_see_each_other_and_the_later_one_is_told(scene, open_as):
    ops = world.user("Olga Ops", role=User.Role.OPS)
    mira, olga = open_as(scene.mira, BOARD), open_as(ops, f"{BOARD}?team={scene.team.pk}")
    third = world.rep("Zoe Third", team=scene.team)
    expect(column(olga, "Zoe Third")).to_be_visible()

    olga.locator(".deck-card").drag_to(column(olga, "Zoe Third"))  # and she thinks about the reason
    mira.locator(".deck-card").drag_to(column(mira, "Tom Dvorak"))
    mira.get_by_label("Why?").fill("Balance")
    mira.keyboard.press("Enter")
    expect(mira.locator("#toasts")).to_contain_text("went from Priya Raghunathan to Tom Dvorak")

    expect(column(olga, "Priya Raghunathan")).to_contain_text("Anna Berg")  # not under her hand
    olga.get_by_label("Why?").fill("Zoe knows them")
    olga.keyboard.press("Enter")
    expect(olga.locator("#toasts")).to_contain_text("Anna Berg has moved meanwhile: Tom Dvorak has it now.")
    expect(column(olga, "Tom Dvorak")).to_contain_text("Anna Berg")
    assert Lead.objects.get(pk=scene.lead.pk).owner == scene.tom

    olga.locator(".deck-card").drag_to(column(olga, "Zoe Third"))
    olga.get_by_label("Why?").fill("Zoe knows them")
    olga.keyboard.press("Enter")
    expect(column(mira, "Zoe Third")).to_contain_text("Anna Berg")
    expect(mira.locator("#moves")).to_have_text("Anna Berg is with Zoe Third now.")
    assert Lead.objects.get(pk=scene.lead.pk).owner == third


def test_without_a_script_the_card_leads_to_the_form(scene, open_as):
    page = open_as(scene.mira, BOARD, java_script_enabled=False)
    page.get_by_role("link", name="Move Anna Berg").click()
    expect(page).to_have_url(re.compile(f"/leads/{scene.lead.pk}/#reassign-menu$"))
    expect(page.get_by_text("Reassign", exact=True).first).to_be_visible()


def test_the_page_of_tasks_comes_anew_by_itself(scene, open_as):
    page = open_as(scene.priya.user, "/tasks/")
    expect(page.get_by_text("Nothing to do")).to_be_visible()
    now = timezone.now()
    made = Task.objects.create(lead=scene.lead, title="Send the offer", due_at=now, created_at=now)
    expect(page.locator(".lines")).to_contain_text("Send the offer")
    Task.objects.filter(pk=made.pk).update(done_at=now)
    expect(page.get_by_role("button", name="Undo: Send the offer")).to_be_visible()
