"""Out of office, and the calendar that shows it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from leadrouting.teams.models import Absence, Rep, User
from tests import world

CALENDAR, AWAY = "/team/calendar/", "/team/calendar/away/"


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def form(rep: Rep, first: int = 1, last: int = 3, **values: object) -> dict[str, object]:
    return {"rep": rep.pk, "first_day": days(first), "last_day": days(last), **values}


def test_a_rep_goes_out_of_office_with_half_days_and_a_backup(scene, as_):
    client = as_(scene.priya)
    values = form(scene.priya, from_noon="on", until_noon="on", backup=scene.tom.pk, reason="Moving house")
    page = client.post(AWAY, values, follow=True).content.decode()
    absence = Absence.objects.get()
    assert (absence.rep, absence.from_noon, absence.until_noon) == (scene.priya, True, True)
    assert absence.backup == scene.tom
    assert "Moving house" in page and "Backup: Tom Dvorak" in page
    for kind in ("away", "morning", "afternoon"):
        assert f'class="{kind}"' in page


def test_a_second_click_is_told_that_it_overlaps(scene, as_):
    client = as_(scene.priya)
    client.post(AWAY, form(scene.priya))
    answer = client.post(AWAY, form(scene.priya))
    assert answer.status_code == 422
    assert "already absent on some of these days" in answer.content.decode()
    assert Absence.objects.count() == 1


def test_what_is_wrong_is_said(scene, as_):
    client = as_(scene.priya)
    assert "before the first day" in client.post(AWAY, form(scene.priya, 3, 1)).content.decode()
    own = client.post(AWAY, form(scene.priya, backup=scene.priya.pk))
    assert "Choose another rep of the team who is active." in own.content.decode()
    by_manager = as_(scene.mira).post(AWAY, form(scene.priya, backup=scene.priya.pk))
    assert "Nobody is their own backup" in by_manager.content.decode()
    assert "five years ago" in client.post(AWAY, form(scene.priya, -4000, -3999)).content.decode()
    assert "Null characters" in client.post(AWAY, form(scene.priya, reason="a\x00b")).content.decode()
    assert "five years" in client.post(AWAY, form(scene.priya, 1, 4000)).content.decode()
    assert client.post(AWAY, {}).status_code == 422


def test_a_manager_speaks_for_reports_and_nobody_else(scene, as_):
    stranger = world.rep("Someone Else")
    manager = as_(scene.mira)
    manager.post(AWAY, form(scene.priya))
    assert Absence.objects.get().rep == scene.priya
    assert manager.post(AWAY, form(stranger)).status_code == 422
    assert as_(scene.tom).post(AWAY, form(scene.priya, 10, 11)).status_code == 422
    assert Absence.objects.count() == 1


def test_an_absence_is_withdrawn_or_ended(scene, as_):
    client = as_(scene.priya)
    coming = Absence.objects.create(rep=scene.priya, first_day=days(5), last_day=days(6))
    now = Absence.objects.create(rep=scene.priya, first_day=days(-2), last_day=days(2), until_noon=True)
    client.post(f"{AWAY}{coming.pk}/withdraw/")
    client.post(f"{AWAY}{now.pk}/withdraw/")
    assert Absence.objects.get() == now
    now.refresh_from_db()
    assert now.last_day < timezone.localdate() + timedelta(days=1) and not now.until_noon
    other = Absence.objects.create(rep=scene.priya, first_day=days(5), last_day=days(6))
    assert as_(scene.tom).post(f"{AWAY}{other.pk}/withdraw/").status_code == 403
    assert as_(world.rep()).post(f"{AWAY}{other.pk}/withdraw/")["Location"] == CALENDAR
    assert Absence.objects.filter(pk=other.pk).exists()


def test_who_sees_whom(scene, as_):
    stranger = world.rep("Someone Else")
    for person, seen in [(scene.priya, False), (scene.mira, False), (world.user(role=User.Role.OPS), True)]:
        page = as_(person).get(CALENDAR).content.decode()
        assert "Tom Dvorak" in page
        assert ("Someone Else" in page) is seen
    assert "Tom Dvorak" not in as_(stranger).get(CALENDAR).content.decode()
    assert as_(world.user(role=User.Role.SERVICE)).get(CALENDAR).status_code == 403


@pytest.mark.parametrize("asked", ["2026-02-30", "", "9999-12-31", "x"])
def test_any_address_shows_a_calendar(scene, as_, asked):
    assert as_(scene.mira).get(CALENDAR, {"from": asked}).status_code == 200


def test_twenty_reps_cost_what_two_do(scene, as_, django_assert_max_num_queries):
    client = as_(scene.mira)
    for rep in world.reps(20, team=scene.team):
        Absence.objects.create(rep=rep, first_day=days(0), last_day=days(1), backup=scene.tom)
    with django_assert_max_num_queries(14):
        client.get(CALENDAR)


def test_days_that_are_over_are_noted_and_affect_no_lead(scene, as_):
    page = as_(scene.priya).post(AWAY, form(scene.priya, -4, -3), follow=True).content.decode()
    assert "These days are over" in page and "go to others" not in page
    withdraw = f"{AWAY}{Absence.objects.get().pk}/withdraw/"
    assert "absence is over" in as_(scene.priya).post(withdraw, follow=True).content.decode()
    assert Absence.objects.exists()


def test_what_another_tab_has_withdrawn_is_said_to_be_gone(scene, as_):
    client = as_(scene.priya)
    client.post(AWAY, form(scene.priya))
    withdraw = f"{AWAY}{Absence.objects.get().pk}/withdraw/"
    client.post(withdraw)
    assert "withdrawn it already" in client.post(withdraw, follow=True).content.decode()


def test_who_comes_back_to_an_address_that_only_takes_forms_finds_the_calendar(scene, as_):
    """After logging in again, say, or by reloading a page that told what was wrong."""
    client = as_(scene.priya)
    for address in (AWAY, f"{AWAY}1/withdraw/"):
        assert client.get(address)["Location"] == CALENDAR
    assert client.get("/presence/")["Location"] == "/"
