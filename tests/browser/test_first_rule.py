"""The journey of a rule: built from nothing, tried on a lead, published, rolled back."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from leadrouting.assignments.models import Decision
from leadrouting.assignments.services import route
from leadrouting.rules.models import RuleSet, Version
from leadrouting.teams.models import User
from tests import world

Open = Callable[..., Page]


def test_vip_and_india_to_senior_closers_else_triage(transactional_db: None, open_as: Open) -> None:
    ops = world.user("Olga Ops", role=User.Role.OPS, time_zone="Europe/Berlin")
    triage = world.queue("Triage")
    world.pool(world.rep("Priya Nair"), name="Senior closers")
    rules = world.rule_set("Inbound", catch_all=triage)
    page = open_as(ops, reverse("admin:rules_ruleset_change", args=[rules.pk]))

    page.get_by_role("link", name="Build the first rule").click()
    build(page)
    expect(page.locator(".rule-words")).to_have_text(
        "When country is India and tier is VIP, give to Senior closers; else Triage."
    )

    page.get_by_role("link", name="Try a lead on it").click()
    expect(page.get_by_text("The draft of Inbound answers, not what is live.")).to_be_visible()
    page.get_by_label("Country").fill("IN")
    page.get_by_label("Tier").fill("vip")
    page.get_by_role("button", name="Where would it go?").click()
    expect(page.locator("#answer")).to_contain_text("Priya Nair")
    assert not Version.objects.exists() and not Decision.objects.exists()

    publish(page, rules, "The start")
    assert owner_of(country="IN", tier="vip") == "Priya Nair"

    page.goto(reverse("admin:rules_ruleset_change", args=[rules.pk]))
    page.get_by_role("switch", name="Indian VIPs").click()
    expect(page.get_by_text("“Indian VIPs” is off in this draft.")).to_be_visible()
    page.get_by_role("link", name="Add a rule").click()
    page.get_by_role("textbox", name="Name").fill("Everybody")
    add_target(page, 0, "Triage")
    save(page)
    publish(page, rules, "All to triage")
    assert owner_of(country="IN", tier="vip") is None

    page.get_by_role("link", name="Versions").click()
    roll_back(page)
    live = Version.objects.get(is_live=True)
    assert (live.number, live.restores and live.restores.number) == (3, 1)
    assert owner_of(country="IN", tier="vip") == "Priya Nair"


def build(page: Page) -> None:
    page.get_by_role("textbox", name="Name").fill("Indian VIPs")
    for number, (fact, value) in enumerate([("country", "IN"), ("tier", "VIP")]):
        page.get_by_text("Add another Condition").click()
        page.locator(f"select[name=conditions-{number}-fact]").select_option(fact)
        page.locator(f"select[name=conditions-{number}-operator]").select_option("is")
        value_of = condition(page, number).get_by_label("Value")
        value_of.select_option(value) if fact == "country" else value_of.fill(value)
    add_target(page, 0, "Senior closers")
    add_target(page, 1, "Triage")
    expect(page.locator(".lr-sentence")).to_have_text(
        "When country is India and tier is VIP, give to Senior closers; else Triage."
    )
    save(page)


def condition(page: Page, number: int) -> Locator:
    return page.locator("#conditions-data > tbody.form-group").nth(number).locator("td.field-value")


def add_target(page: Page, number: int, name: str) -> None:
    page.get_by_text("Add another Target").click()
    page.locator(f"select[name=targets-{number}-goes_to]").select_option(label=name)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#rule-list")).to_be_visible()


def publish(page: Page, rules: RuleSet, summary: str) -> None:
    page.goto(reverse("admin:rules_ruleset_publish", args=[rules.pk]))
    page.locator("input[name=summary]").fill(summary)
    page.get_by_role("button", name="Publish and route by it").click()
    expect(page.get_by_text("is live: from now on")).to_be_visible()


def roll_back(page: Page) -> None:
    page.get_by_label("Why go back to v1").fill("Too coarse")
    page.get_by_role("button", name="Roll back to this").click()
    expect(page.get_by_text("v3").first).to_be_visible()


def owner_of(**facts: str) -> str | None:
    """A new lead, decided by what is live."""
    lead = world.lead(**facts)
    route(lead.pk, now=timezone.now())
    lead.refresh_from_db()
    return str(lead.owner) if lead.owner else None
