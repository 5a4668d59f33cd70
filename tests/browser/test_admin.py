"""What sales ops do in a browser: rules dragged and moved by keyboard, a lead tried, decisions that appear."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadrouting.assignments.services import route
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.models import User
from tests import world
from tests.browser.conftest import PHONE


@pytest.fixture
def ops(transactional_db: None, chromium: object) -> User:
    return world.user("Olga Ops", role=User.Role.OPS)


@pytest.fixture
def rules(ops: User) -> RuleSet:
    pool = world.pool(*world.reps(2), name="Closers")
    rules = world.live(pool, name="Everybody").rule_set
    world.rule(rules, pool, name="Germany", when=[("country", "is", "DE")])
    world.rule(rules, pool, name="France", when=[("country", "is", "FR")])
    return rules


def change_page(rules: RuleSet) -> str:
    return reverse("admin:rules_ruleset_change", args=[rules.pk])


def row(page: Page, name: str) -> object:
    return page.locator("#rules-data tbody").filter(has=page.get_by_role("link", name=name, exact=True))


def order(rules: RuleSet) -> list[str]:
    return list(rules.rules.values_list("name", flat=True))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def test_rules_are_reordered_by_drag(rules, ops, open_as):
    page = open_as(ops, change_page(rules))
    handle = row(page, "France").locator("[x-sort\\:handle]")
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), row(page, "Everybody").locator("[x-sort\\:handle]").bounding_box()
    page.mouse.move(start["x"] + 15, start["y"] + 15)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(end["x"] + 15, start["y"] + (end["y"] - start["y"] - 5) * step / 20)
    page.mouse.up()
    expect(page.locator("#rules-data .rule-name").first).to_have_text("France")
    assert order(rules) == ["Everybody", "Germany", "France"]  # nothing is saved before Save
    save(page)
    assert order(rules) == ["France", "Everybody", "Germany"]


def test_rules_are_reordered_by_keyboard(rules, ops, open_as):
    page = open_as(ops, change_page(rules))
    expect(row(page, "Everybody").get_by_role("button", name="Move up")).to_be_disabled()
    up = row(page, "France").get_by_role("button", name="Move up")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(page.locator("[aria-live]")).to_have_text("Now at place 2 of 3. Save to keep it.")
    save(page)
    assert order(rules) == ["Everybody", "France", "Germany"]


def test_a_condition_offers_what_its_fact_allows(rules, ops, open_as):
    page = open_as(ops, reverse("admin:rules_rule_change", args=[Rule.objects.get(name="Germany").pk]))
    page.get_by_text("Add another Condition").click()
    page.locator("select[name=conditions-1-fact]").select_option("score")
    operators = page.locator("select[name=conditions-1-operator]")
    expect(operators.locator("option", has_text="contains")).to_have_count(0)
    operators.select_option("between")
    expect(page.get_by_text("From, to: two values with a comma between.")).to_be_visible()
    page.locator("input[name=conditions-1-value]").fill("10, 90")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    said = [str(condition) for condition in Rule.objects.get(name="Germany").conditions.all()]
    assert said == ["country is DE", "score between 10, 90"]


def test_bad_logic_is_selected_at_its_column(rules, ops, open_as):
    page = open_as(ops, reverse("admin:rules_rule_change", args=[Rule.objects.get(name="Germany").pk]))
    page.get_by_role("textbox", name="Filter logic").fill("1 AND (1")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("This “(” is never closed (column 7).")).to_be_visible()
    logic = page.get_by_role("textbox", name="Filter logic")
    expect(logic).to_be_focused()
    assert logic.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == "("


def test_a_lead_is_tried_on_a_phone(rules, ops, open_as):
    page = open_as(ops, "/admin/", size=PHONE)
    page.get_by_role("link", name="Try a lead").first.click()
    page.get_by_label("Country").fill("DE")
    page.get_by_label("Channel").select_option("chat")
    page.get_by_role("button", name="Where would it go?").click()
    expect(page.locator("#answer")).to_contain_text("by rule “Everybody”: round robin in Closers")
    expect(page.get_by_text("“Everybody” matched: for every lead.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_decision_appears_by_itself(rules, ops, open_as):
    page = open_as(ops, "/admin/")
    expect(page.get_by_text("No decision yet")).to_be_visible()
    route(world.lead(name="Jane Doe").pk, now=timezone.now())
    expect(page.locator(".lr-feed")).to_contain_text("Jane Doe")
    expect(page.locator(".lr-feed")).to_contain_text("by rule “Everybody”")
