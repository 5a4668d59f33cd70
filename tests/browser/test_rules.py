"""Ops build a rule in a browser, from an empty rule set to leads that follow it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from leadrouting.leads.models import Attribute
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.models import Queue, Territory, User
from tests import world
from tests.browser.conftest import PHONE

Open = Callable[..., Page]


@pytest.fixture
def ops(transactional_db: None) -> User:
    Queue.objects.get_or_create(pk=1, defaults={"name": "Intake"})
    return world.user("Olga Ops", role=User.Role.OPS, time_zone="Europe/Berlin")


@pytest.fixture
def rules(ops: User) -> RuleSet:
    rules = world.rule_set("Inbound")
    pool = world.pool(*world.reps(2), name="Closers")
    for name, country in (("Everybody", ""), ("Germany", "DE"), ("France", "FR")):
        world.rule(rules, pool, name=name, when=[("country", "is", country)] if country else [])
    return rules


def page_of(rules: RuleSet) -> str:
    return reverse("admin:rules_ruleset_change", args=[rules.pk])


def rule_page(name: str) -> str:
    return reverse("admin:rules_rule_change", args=[Rule.objects.get(name=name).pk])


def row(page: Page, name: str) -> Locator:
    return page.locator("#rule-list > li").filter(has=page.get_by_role("link", name=name, exact=True))


def order(rules: RuleSet) -> list[str]:
    return list(rules.rules.values_list("name", flat=True))


def test_a_drag_is_saved_at_once_and_undone(rules: RuleSet, ops: User, open_as: Open) -> None:
    page = open_as(ops, page_of(rules))
    expect(page.get_by_text("Checking the rules …")).to_have_count(0)  # its answer may still move the rows
    start, end = (row(page, name).locator(".lr-grip").bounding_box() for name in ("France", "Everybody"))
    assert start and end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(end["x"] + 5, start["y"] + (end["y"] - start["y"] - 10) * step / 20)
    page.mouse.up()
    expect(page.get_by_text("“France” moved from place 3 to 1.")).to_be_visible()
    expect(page.locator("#rule-list .rule-name").first).to_have_text("France")
    assert order(rules) == ["France", "Everybody", "Germany"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("“France” moved from place 1 to 3.")).to_be_visible()
    assert order(rules) == ["Everybody", "Germany", "France"]


def test_arrows_move_and_keep_the_focus(rules: RuleSet, ops: User, open_as: Open) -> None:
    page = open_as(ops, page_of(rules))
    expect(row(page, "Everybody").get_by_role("button", name="Move up")).to_be_disabled()
    up = row(page, "France").get_by_role("button", name="Move up")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("“France” moved from place 2 to 1.")).to_be_visible()
    expect(row(page, "France").get_by_role("button", name="Move down")).to_be_focused()
    assert order(rules) == ["France", "Everybody", "Germany"]


def test_a_switch_and_its_undo(rules: RuleSet, ops: User, open_as: Open) -> None:
    page = open_as(ops, page_of(rules))
    switch = row(page, "Germany").get_by_role("switch")
    switch.click()
    expect(switch).not_to_be_checked()
    assert not Rule.objects.get(name="Germany").is_active
    page.get_by_role("button", name="Undo").click()
    expect(switch).to_be_checked()
    assert Rule.objects.get(name="Germany").is_active


def test_who_is_second_is_told_in_the_row(rules: RuleSet, ops: User, open_as: Open) -> None:
    page = open_as(ops, page_of(rules))
    other = open_as(world.user("Ingrid Sommer", role=User.Role.OPS), page_of(rules))
    row(other, "Germany").get_by_role("switch").click()
    expect(other.get_by_text("“Germany” is off in this draft.")).to_be_visible()
    row(page, "Germany").get_by_role("switch").click()
    expect(page.get_by_text("Ingrid Sommer changed “Germany” at")).to_be_visible()
    page.get_by_role("button", name="Show what it says now").click()
    expect(row(page, "Germany").get_by_role("switch")).not_to_be_checked()


def test_inputs_fit_their_facts(rules: RuleSet, ops: User, open_as: Open) -> None:
    Attribute.objects.create(key="call_at", label="call at", type="moment")
    dach = Territory.objects.create(code="dach", name="DACH")
    Territory.objects.create(code="by", name="Bavaria", parent=dach)
    page = open_as(ops, rule_page("Everybody"))
    add_condition(page, 0, "score", "between")
    cell(page, 0).get_by_label("From").fill("10")
    cell(page, 0).get_by_label("To").fill("90")
    add_condition(page, 1, "channel", "is_any_of")
    cell(page, 1).get_by_label("Add a value").select_option("chat")
    cell(page, 1).get_by_label("Add a value").select_option("phone")
    add_condition(page, 2, "company", "is_any_of")
    page.keyboard.press("Tab")
    cell(page, 2).get_by_label("Add a value").fill('"Acme, Inc."')
    cell(page, 2).get_by_label("Add a value").press("Enter")
    add_condition(page, 3, "is_repeat", "is")
    cell(page, 3).get_by_label("no").check()
    add_condition(page, 4, "territory", "within")
    cell(page, 4).get_by_label("Value").select_option("by")
    add_condition(page, 5, "attributes.call_at", ">=")
    cell(page, 5).get_by_label("Value").fill("2026-07-01T10:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Everybody” is saved in the draft.")).to_be_visible()
    said = [str(condition) for condition in Rule.objects.get(name="Everybody").conditions.all()]
    assert said == [
        "score between 10, 90",
        "channel is_any_of chat, phone",
        'company is_any_of "Acme, Inc."',
        "is_repeat is no",
        "territory within by",
        "attributes.call_at >= 2026-07-01T08:00+00:00",
    ]
    page.goto(rule_page("Everybody"))
    expect(cell(page, 5).get_by_label("Value")).to_have_value("2026-07-01T10:00")
    expect(cell(page, 2).get_by_text("Acme, Inc.")).to_be_visible()


def add_condition(page: Page, number: int, fact: str, operator: str) -> None:
    page.get_by_text("Add another Condition").click()
    page.locator(f"select[name=conditions-{number}-fact]").select_option(fact)
    page.locator(f"select[name=conditions-{number}-operator]").select_option(operator)


def cell(page: Page, number: int) -> Locator:
    return page.locator("#conditions-data > tbody.form-group").nth(number).locator("td.field-value")


def test_logic_is_checked_as_one_types(rules: RuleSet, ops: User, open_as: Open) -> None:
    page = open_as(ops, rule_page("Germany"))
    expect(page.locator(".lr-sentence")).to_have_text("When country is Germany, give to Closers.")
    page.get_by_role("textbox", name="Filter logic").fill("1 AND (1")
    expect(page.locator("#logic-fault")).to_contain_text("1 AND ▸(1This “(” is never closed (column 7).")
    page.get_by_role("textbox", name="Filter logic").fill("NOT 1")
    expect(page.locator(".lr-sentence")).to_have_text("When country is not Germany, give to Closers.")
    expect(page.locator("#logic-fault")).to_be_empty()


def test_it_works_on_a_phone(rules: RuleSet, ops: User, open_as: Open) -> None:
    page = open_as(ops, page_of(rules), size=PHONE)
    row(page, "Germany").get_by_role("switch").click()
    expect(page.get_by_text("“Germany” is off in this draft.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.goto(rule_page("France"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
