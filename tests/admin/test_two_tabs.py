"""Two people, or two tabs, add the same thing: the second one reads what is wrong, and nothing breaks."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.teams.models import Absence, Holiday, OfficeHours, RepSkill
from tests import world
from tests.admin.forms import posted, row, texts

pytestmark = pytest.mark.django_db
MEANWHILE = "Somebody else has changed this in the meantime"


def twice(client: Client, page: str, form: str, prefix: str, **columns: object) -> str:
    """What is told to who posts a new row of a page that was opened before the same row came."""
    values = row(posted(client.get(page), form), prefix, id="", **columns)
    assert client.post(page, values).status_code == 302
    answer = client.post(page, values, follow=True)
    assert answer.status_code == 200
    return " ".join(texts(answer))


def test_the_same_holiday(as_ops: Client) -> None:
    hours = OfficeHours.objects.create(name="Berlin", time_zone="Europe/Berlin")
    hours.windows.create(weekday=0, opens="09:00", closes="17:00")
    page = reverse("admin:teams_officehours_change", args=[hours.pk])
    values = {"office_hours": hours.pk, "day": "2026-12-03", "name": "Founders"}
    assert MEANWHILE in twice(as_ops, page, "officehours_form", "holidays", **values)
    assert Holiday.objects.count() == 1


def test_the_same_skill_and_absences_that_overlap(as_ops: Client) -> None:
    rep, skill = world.rep("Ann"), world.skill("French")
    page = reverse("admin:teams_rep_change", args=[rep.pk])
    said = twice(as_ops, page, "rep_form", "skills", rep=rep.pk, skill=skill.pk, level=3)
    assert "This rep has this skill already. " in said and MEANWHILE in said
    days = {"first_day": "2026-12-03", "last_day": "2026-12-05"}
    said = twice(as_ops, page, "rep_form", "absences", rep=rep.pk, **days)
    assert "This rep is already absent on some of these days. Somebody" in said
    assert (RepSkill.objects.count(), Absence.objects.get().last_day) == (1, date(2026, 12, 5))


def test_a_row_that_another_tab_has_removed(as_ops: Client) -> None:
    hours = OfficeHours.objects.create(name="Berlin", time_zone="Europe/Berlin")
    hours.windows.create(weekday=0, opens="09:00", closes="17:00")
    hours.holidays.create(day="2026-12-03", name="Founders")
    page = reverse("admin:teams_officehours_change", args=[hours.pk])
    values = posted(as_ops.get(page), "officehours_form", name="Berlin HQ")
    hours.holidays.all().delete()
    answer = as_ops.post(page, values)
    assert answer.status_code == 200
    assert "Somebody else has removed a row of this table" in answer.content.decode()
    hours.refresh_from_db()
    assert hours.name == "Berlin"
