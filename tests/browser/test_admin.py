"""What sales ops do in a browser: bad logic is pointed at, a lead tried, decisions that appear."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

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
