"""Office hours in a browser: a week is typed and copied, a country chosen, a holiday added, and the page says so."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from leadrouting.teams.models import OfficeHours, User
from leadrouting.teams.week import week_of
from tests import world
from tests.browser.conftest import PHONE


@pytest.fixture
def ops(transactional_db: None, chromium: object) -> User:
    return world.user("Olga Ops", role=User.Role.OPS)


def choose(page: Page, field: str, typed: str, option: str) -> None:
    """In a list that can be searched."""
    page.locator(f"#select2-id_{field}-container").click()
    page.locator(".select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=option).first.click()


def copy(page: Page, day: str, to: str) -> None:
    page.get_by_label("Copy", exact=True).select_option(day)
    page.get_by_label("to", exact=True).select_option(to)
    page.get_by_role("button", name="Copy").click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()
    page.wait_for_load_state()


def test_hours_are_set_and_a_holiday_is_seen(ops, open_as):
    lunch = 5 if timezone.now().hour > 8 else 20  # never now, whenever this test is run
    page = open_as(ops, reverse("admin:teams_officehours_add"))
    page.get_by_label("Name").fill("Munich")
    choose(page, "time_zone", "UTC", "UTC")
    page.get_by_role("textbox", name="Monday").fill(f"0-{lunch} and {lunch}:30-24")
    copy(page, "Monday", "Monday to Friday")
    copy(page, "Friday", "Saturday and Sunday")
    expect(page.get_by_text("Copied. Save to keep it.")).to_be_visible()
    assert page.locator(".lr-daybar .lr-fill").count() == 14
    choose(page, "place", "bavaria", "Germany: Bayern, Bavaria (BY)")
    save(page)
    hours = OfficeHours.objects.get()
    assert week_of(hours) == [[("00:00", f"{lunch:02}:00"), (f"{lunch:02}:30", "24:00")]] * 7
    assert (hours.country, hours.subdivision) == ("DE", "BY")

    year = timezone.now().year
    expect(page.get_by_text(f"Germany: Bayern (BY), {year}", exact=True)).to_be_visible()
    page.get_by_label(f"We work on Epiphany, 6 January {year}").check()
    if timezone.now().strftime("%m-%d") not in ("01-01", "05-01", "10-03", "11-01", "12-25", "12-26"):
        expect(page.get_by_text("Open now, closes")).to_be_visible()

    page.get_by_role("link", name="Add another Holiday").click()
    page.locator("[name=holidays-0-day]").fill(timezone.now().strftime("%Y-%m-%d"))
    page.locator("[name=holidays-0-name]").fill("Founders' day")
    save(page)
    expect(page.get_by_text("Open now")).to_have_count(0)
    expect(page.get_by_text("Opens ", exact=False).first).to_contain_text("00:00")
    expect(page.get_by_label(f"We work on Epiphany, 6 January {year}")).to_be_checked()


def test_a_line_that_is_not_understood_is_marked_while_typed(ops, open_as):
    page = open_as(ops, reverse("admin:teams_officehours_add"))
    monday = page.get_by_role("textbox", name="Monday")
    monday.fill("nine to five")
    expect(monday).to_have_attribute("aria-invalid", "true")
    monday.fill("9-17")
    expect(monday).not_to_have_attribute("aria-invalid", "true")


def test_copying_without_our_script_on_a_phone(ops, open_as):
    """The theme's own scripts are needed to see anything of the admin; ours is not."""
    hours = OfficeHours.objects.create(name="Berlin", time_zone="Europe/Berlin", country="DE")
    hours.windows.create(weekday=0, opens="09:00", closes="17:00")
    path = reverse("admin:teams_officehours_change", args=[hours.pk])
    page = open_as(ops, "/admin/", size=PHONE)
    page.route("**/admin/hours*.js", lambda route: route.abort())
    page.goto(path)
    page.get_by_role("button", name="Copy and save").click()
    expect(page.get_by_role("textbox", name="Friday")).to_have_value("09:00-17:00")
    assert hours.windows.count() == 5


def test_the_page_fits_a_phone(ops, open_as):
    hours = OfficeHours.objects.create(
        name="The office with a very long name in Llanfairpwllgwyngyll",
        time_zone="Europe/London",
        country="IN",
        subdivision="KA",
    )
    hours.windows.create(weekday=0, opens="09:00", closes="17:00")
    page = open_as(ops, reverse("admin:teams_officehours_change", args=[hours.pk]), size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
