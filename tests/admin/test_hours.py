"""Office hours as ops edit them: the week in lines, holidays of a place, special days, what cannot work."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from leadrouting.teams.admin.hours_fields import places
from leadrouting.teams.models import OfficeHours
from leadrouting.teams.week import week_of
from tests import world
from tests.admin.forms import posted, row

pytestmark = pytest.mark.django_db

SPLIT = "09:00-12:00, 13:00-18:00"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(world.NOON, tick=False):  # Wednesday 4 March 2026, 13:00 in Berlin
        yield


def add_hours(client: Client, *week: str, **changes: Any) -> Any:
    path = reverse("admin:teams_officehours_add")
    lines = {f"week_{number}": text for number, text in enumerate(week)}
    values = {"name": "Berlin", "time_zone": "Europe/Berlin", **lines, **changes}
    return client.post(path, posted(client.get(path), "officehours_form", **values), follow=True)


def change_hours(
    client: Client, hours: OfficeHours, *rows: tuple[str, dict[str, str]], **changes: Any
) -> Any:
    path = reverse("admin:teams_officehours_change", args=[hours.pk])
    form = posted(client.get(path), "officehours_form", **changes)
    for table, columns in rows:
        form = row(form, table, **columns)
    return client.post(path, {"_continue": "1", **form}, follow=True)


def faults(answer: Any) -> list[str]:
    return list(answer.context["adminform"].form.errors.get("week", []))


def now(answer: Any) -> str:
    """What the page says of now."""
    text = answer.content.decode()
    start = min(at for at in (text.find("Open now"), text.find("Opens "), text.find("Never opens")) if at > 0)
    return text[start : text.index("<", start)].strip()


def test_a_week_is_saved_as_windows(as_ops: Client) -> None:
    add_hours(as_ops, SPLIT, "8-17", "", "15:00-24:00", place="DE-BY")
    hours = OfficeHours.objects.get()
    assert week_of(hours) == [
        [("09:00", "12:00"), ("13:00", "18:00")],
        [("08:00", "17:00")],
        [],
        [("15:00", "24:00")],
        *[[]] * 3,
    ]
    assert (hours.country, hours.subdivision) == ("DE", "BY")
    page = as_ops.get(reverse("admin:teams_officehours_changelist")).content.decode()
    assert "Mon 09:00-12:00 13:00-18:00, Tue 08:00-17:00, Thu 15:00-24:00" in page
    assert "Germany: Bayern (BY)" in page


def test_the_week_is_drawn_and_said(as_ops: Client) -> None:
    add_hours(as_ops, "06:00-12:00, 18:00-24:00")
    path = reverse("admin:teams_officehours_change", args=[OfficeHours.objects.get().pk])
    page = as_ops.get(path).content.decode()
    assert 'x="25.0%" width="25.0%"' in page
    assert 'x="75.0%" width="25.0%"' in page
    assert 'value="06:00-12:00, 18:00-24:00"' in page


@pytest.mark.parametrize(
    ("target", "days"), [("weekdays", range(5)), ("all", range(7)), ("weekend", (0, 5, 6)), ("3", (0, 3))]
)
def test_copying_works_without_a_script(as_ops: Client, target: str, days: Any) -> None:
    answer = add_hours(as_ops, SPLIT, _copy="1", week_from="0", week_to=target)
    hours = OfficeHours.objects.get()
    assert [bool(windows) for windows in week_of(hours)] == [day in days for day in range(7)]
    assert answer.request["PATH_INFO"] == reverse("admin:teams_officehours_change", args=[hours.pk])


def test_a_week_that_stays_is_not_written_again(as_ops: Client) -> None:
    add_hours(as_ops, SPLIT)
    hours = OfficeHours.objects.get()
    before = list(hours.windows.values_list("pk", flat=True))
    change_hours(as_ops, hours, name="Berlin centre")
    assert list(hours.windows.values_list("pk", flat=True)) == before


def test_hours_that_never_open_are_refused(as_ops: Client) -> None:
    said = "This calendar never opens. Give at least one day of the week, or one special day, opening hours."
    answer = add_hours(as_ops)
    assert faults(answer) == [said]
    assert not OfficeHours.objects.exists()
    add_hours(as_ops, SPLIT)
    assert faults(change_hours(as_ops, OfficeHours.objects.get(), week_0="")) == [said]
    assert OfficeHours.objects.get().windows.count() == 2


def test_hours_that_opened_only_in_the_past_are_refused(as_ops: Client) -> None:
    path = reverse("admin:teams_officehours_add")
    form = posted(as_ops.get(path), "officehours_form", name="Fair", time_zone="Europe/Berlin")
    sent = row(form, "special_days", day="2026-03-03", opens="09:00", closes="12:00")
    assert "too few opening hours" in faults(as_ops.post(path, sent))[0]
    sent = row(form, "special_days", day="2026-03-05", opens="09:00", closes="12:00")
    assert as_ops.post(path, sent).status_code == 302


def test_every_wrong_line_is_told_and_kept(as_ops: Client) -> None:
    answer = add_hours(as_ops, "9-12, 11-17", "18-2", "nine")
    one, two, three = faults(answer)
    assert one == "Monday: the windows 09:00-12:00 and 11:00-17:00 overlap. Join them or move one."
    assert "For hours past midnight write 18:00-24:00, and 00:00-02:00 on the next day." in two
    assert three.startswith("Wednesday: “nine” is not understood. Write windows such as")
    assert 'value="nine"' in answer.content.decode()


def test_a_place_comes_from_the_list(as_ops: Client) -> None:
    answer = add_hours(as_ops, SPLIT, place="XX")
    assert "XX" in answer.context["adminform"].form.errors["place"][0]


def test_places_are_found_by_their_own_and_their_english_name() -> None:
    names = dict(places())
    assert names["DE-BY"] == "Germany: Bayern, Bavaria (BY)"
    assert names["AT-7"] == "Austria: Tirol, Tyrol (7)"
    assert names["US-CA"] == "United States: California (CA)"
    assert names["DE-Augsburg"] == "Germany: Augsburg"
    assert names["BR"] == "Brazil"


def test_holidays_of_two_years_are_listed_and_worked_on_one_by_one(as_ops: Client) -> None:
    add_hours(as_ops, *["9-18"] * 7, place="DE-BY")
    hours = OfficeHours.objects.get()
    hours.worked = [date(2024, 1, 6)]
    hours.save()
    answer = change_hours(as_ops, hours, worked=["2026-04-03", "2027-01-06"])
    hours.refresh_from_db()
    assert hours.worked == [date(2024, 1, 6), date(2026, 4, 3), date(2027, 1, 6)]
    page = answer.content.decode()
    assert "Germany: Bayern (BY), 2026" in page
    assert "Germany: Bayern (BY), 2027" in page
    assert "We work on Epiphany, 6 January 2027" in page
    change_hours(as_ops, hours, worked=None)
    hours.refresh_from_db()
    assert hours.worked == [date(2024, 1, 6)]


def test_another_place_leaves_no_switch_behind(as_ops: Client) -> None:
    add_hours(as_ops, *["9-18"] * 7, place="DE-BY")
    hours = OfficeHours.objects.get()
    change_hours(as_ops, hours, worked=["2026-01-06"])
    change_hours(as_ops, hours, place="FR")  # the tick is still on the page
    hours.refresh_from_db()
    assert (hours.country, hours.subdivision, hours.worked) == ("FR", "", [])


def test_now_says_when_it_opens_in_ones_own_zone(as_ops: Client, ops: Any) -> None:
    ops.time_zone = "Asia/Kolkata"
    ops.save()
    add_hours(as_ops, *[SPLIT] * 5, place="DE-BE")
    hours = OfficeHours.objects.get()
    assert now(change_hours(as_ops, hours)) == "Open now, closes 18:00 (22:30 in your zone)"
    own = ("holidays", {"day": "2026-03-04", "name": "Founders&#x27; day"})
    assert now(change_hours(as_ops, hours, own)) == "Opens Thursday 09:00 (13:30 in your zone)"
    special = ("special_days", {"day": "2026-03-04", "opens": "14:00", "closes": "15:00"})
    assert now(change_hours(as_ops, hours, special)) == "Opens today 14:00 (18:30 in your zone)"


def test_pages_of_reps_and_teams_say_which_hours_count_and_why(as_ops: Client) -> None:
    add_hours(as_ops, *[SPLIT] * 5, name="EMEA hours")
    add_hours(as_ops, "", "", "", "9-12", name="Mornings")
    emea, mornings = OfficeHours.objects.order_by("name")
    team = world.team("Closers", office_hours=emea)
    theirs, own = world.rep("Rita", team=team), world.rep("Ann", team=team, office_hours=mornings)
    free = world.rep("Tom")

    def page(kind: str, key: int) -> str:
        return as_ops.get(reverse(f"admin:teams_{kind}_change", args=[key])).content.decode()

    assert "“EMEA hours”, from the team Closers" in page("rep", theirs.pk)
    assert "Open now, closes 18:00" in page("rep", theirs.pk)
    assert "“Mornings”, the rep&#x27;s own instead of the team&#x27;s “EMEA hours”" in page("rep", own.pk)
    assert "Opens Thursday 09:00" in page("rep", own.pk)
    assert "Round the clock: neither the rep nor the team" in page("rep", free.pk)
    assert "“EMEA hours”. A rep may have others of their own." in page("team", team.pk)
    reps = as_ops.get(reverse("admin:teams_rep_changelist")).content.decode()
    assert "EMEA hours (team)" in reps and "Opens Thursday 09:00" in reps
    assert "Open now, closes 18:00" in as_ops.get(reverse("admin:teams_team_changelist")).content.decode()


def test_the_next_days_are_drawn_with_what_is_odd_about_them(as_ops: Client) -> None:
    """Wednesday 4 March 2026, in Berlin: Women's Day is on Sunday, a party on Thursday, a fair on Friday."""
    add_hours(as_ops, *["9-18"] * 7, place="DE-BE")
    hours = OfficeHours.objects.get()
    party = ("holidays", {"day": "2026-03-05", "name": "Summer party"})
    fair = ("special_days", {"day": "2026-03-06", "opens": "10:00", "closes": "12:00"})
    page = " ".join(change_hours(as_ops, hours, party, fair).content.decode().split())
    start = page.index('<ol class="lr-week"')
    coming = page[start : page.index("</ol>", start)]
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", coming)).strip()
    assert said == (
        "Today 09:00-18:00 Thu 5 Mar Closed Summer party Fri 6 Mar 10:00-12:00 special hours "
        "Sat 7 Mar 09:00-18:00 Sun 8 Mar Closed Women&#x27;s Day "
        "Mon 9 Mar 09:00-18:00 Tue 10 Mar 09:00-18:00"
    )
    answer = change_hours(as_ops, hours, worked=["2026-03-08"])
    assert "Women&#x27;s Day, we work" in answer.content.decode()
