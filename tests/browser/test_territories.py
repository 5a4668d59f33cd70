"""Territories in a browser: a node is added, an owner follows from a date, open leads move and come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadrouting.assignments.services import route
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep, Territory, User
from tests import world
from tests.browser.conftest import PHONE

LIST, ADD = "admin:teams_territory_changelist", "admin:teams_territory_add"
LONG = "The free state with a very long name, its enclaves and all of its lakes (second half)"[:80]


@pytest.fixture
def ops(transactional_db: None, chromium: object) -> User:
    return world.user("Olga Ops", role=User.Role.OPS)


@pytest.fixture
def lena(ops: User) -> Rep:
    return world.rep("Lena Brandt")


@pytest.fixture
def germany(lena: Rep) -> Territory:
    """Lena's country, with two leads from Munich and one from Berlin that she has."""
    country = Territory.objects.create(code="germany", name="Germany", countries=["DE"], owner=lena)
    world.live(StepKind.TERRITORY_OWNER)
    for name, postal in (("Nina Holm", "80331"), ("Otto Lang", "81667"), ("Pia Kern", "10115")):
        arrived(name, postal)
    assert list(Lead.objects.values_list("owner", flat=True)) == [lena.pk] * 3
    return country


def arrived(name: str, postal: str) -> Lead:
    lead = world.lead(name=name, country="DE", region="", postal_code=postal)
    route(lead.pk, now=timezone.now())
    lead.refresh_from_db()
    return lead


def owners() -> dict[str, str]:
    return {lead.name: str(lead.owner) for lead in Lead.objects.select_related("owner__user")}


def choose(page: Page, field: str, option: str) -> None:
    """In a list that can be searched, or in a plain one."""
    if page.locator(f"#select2-id_{field}-container").count():
        page.locator(f"#select2-id_{field}-container").click()
        page.locator(".select2-results__option", has_text=option).first.click()
    else:
        page.locator(f"[name={field}]").select_option(label=option)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def test_a_new_node_takes_over_from_a_date_and_gives_back(ops, lena, germany, open_as):
    world.rep("Ben Okafor", team=lena.team)
    page = open_as(ops, reverse(ADD))
    page.locator("[name=name]").fill("Munich")
    choose(page, "parent", "Germany")
    page.get_by_label("Postal codes").fill("DE 80, 81000–81999")
    page.get_by_role("link", name="Add another owner for a time", exact=False).click()
    choose(page, "terms-0-rep", "Ben Okafor")
    yesterday = timezone.localdate() - timedelta(days=1)
    page.locator("[name=terms-0-valid_from_0]").fill(yesterday.isoformat())
    page.locator("[name=terms-0-valid_from_1]").fill("08:00")
    save(page)

    expect(page.get_by_text("2 open leads of “Munich” would now go to somebody else")).to_be_visible()
    page.get_by_role("link", name="Look at them").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("Ben Okafor")
    assert owners()["Nina Holm"] == "Lena Brandt"
    page.get_by_role("button", name="Move those that are ticked").click()
    expect(page.get_by_text("No lead was chosen")).to_be_visible()
    page.get_by_label("Nina Holm").check()
    page.get_by_role("button", name="Move those that are ticked").click()
    expect(page.get_by_text("1 lead moved.")).to_be_visible()
    assert owners() == {"Nina Holm": "Ben Okafor", "Otto Lang": "Lena Brandt", "Pia Kern": "Lena Brandt"}
    assert str(arrived("Quin Moor", "80999").owner) == "Ben Okafor"

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 lead went back to who had it.")).to_be_visible()
    assert owners()["Nina Holm"] == "Lena Brandt"
    page.get_by_role("button", name="Move all 2").click()
    expect(page.get_by_text("Nothing to move")).to_be_visible()
    assert sorted(owners().values()).count("Ben Okafor") == 3


def test_an_owner_from_tomorrow_moves_nothing_today(ops, lena, germany, open_as):
    world.rep("Ben Okafor", team=lena.team)
    page = open_as(ops, reverse("admin:teams_territory_change", args=[germany.pk]))
    page.get_by_role("link", name="Add another owner for a time", exact=False).click()
    choose(page, "terms-0-rep", "Ben Okafor")
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.locator("[name=terms-0-valid_from_0]").fill(tomorrow.isoformat())
    page.locator("[name=terms-0-valid_from_1]").fill("08:00")
    save(page)
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    expect(page.get_by_text("would now go to somebody else")).to_have_count(0)
    assert str(arrived("Quin Moor", "80999").owner) == "Lena Brandt"


def test_overlaps_and_gaps_show_a_lead_each_also_on_a_phone(ops, germany, open_as):
    Territory.objects.create(code="south", name=LONG, parent=germany, postal_areas=["DE:80:86"])
    Territory.objects.create(code="munich", name="Munich", parent=germany, postal_areas=["DE:80"])
    world.lead(name="Ryo Mori", country="JP")
    page = open_as(ops, reverse(LIST), size=PHONE)
    page.goto(reverse("admin:teams_territory_overlaps"))
    clash = page.locator("section", has_text="Territories that claim the same leads")
    expect(clash).to_contain_text(LONG)
    expect(clash.get_by_role("link", name="Nina Holm")).to_be_visible()
    gaps = page.locator("section", has_text="Leads that lie in no territory")
    expect(gaps.get_by_role("row", name="JP")).to_contain_text("Ryo Mori")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    gaps.get_by_role("link", name="Ryo Mori").click()
    assert "/leads/lead/" in page.url
