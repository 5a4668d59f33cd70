"""The page on which a rep leaves, and comes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from leadrouting.leads.models import Lead
from leadrouting.teams.models import Absence, Rep, User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


def address(rep: Rep) -> str:
    return reverse("admin:teams_rep_leave", args=[rep.pk])


def test_a_rep_leaves_and_comes_back(as_ops: Client) -> None:
    priya, tom = world.rep("Priya Raghunathan"), world.rep("Tom Dvorak")
    world.live(priya, name="Enterprise")
    lead = world.lead()
    page = as_ops.get(address(priya)).content.decode()
    assert "What becomes of 1 open lead?" in page and "1 rule names Priya Raghunathan" in page
    assert "Enterprise" in page
    page = as_ops.post(address(priya), {"how": "rep"}, follow=True).content.decode()
    assert (
        "Choose who gets the open leads" in page
        and as_ops.post(address(priya), {"how": "rep"}).context["chosen"] == "rep"
    )
    assert Rep.objects.get(pk=priya.pk).is_active
    page = as_ops.post(address(priya), {"how": "rep", "to": tom.pk}, follow=True).content.decode()
    assert "1 open lead moved" in page
    assert Lead.objects.get(pk=lead.pk).owner_id == tom.pk and not Rep.objects.get(pk=priya.pk).is_active
    page = as_ops.get(address(priya)).content.decode()
    assert "Make active again" in page
    as_ops.post(address(priya), {"back": "1"})
    assert Rep.objects.get(pk=priya.pk).is_active


def test_it_is_for_ops(client: Client) -> None:
    rep = world.rep()
    client.force_login(world.user(role=User.Role.MANAGER))
    assert client.post(address(rep), {"how": "rules"}).status_code in (302, 403)
    assert Rep.objects.get(pk=rep.pk).is_active


@pytest.mark.parametrize(
    ("day", "hour", "is_away"),
    [(1, 12, False), (2, 4, False), (2, 7, True), (3, 12, True), (4, 6, True), (4, 7, False), (5, 12, False)],
)
def test_it_says_that_the_backup_is_away_also_for_half_a_day(
    as_ops: Client, day: int, hour: int, is_away: bool
) -> None:
    """From noon on the 2nd to noon on the 4th where Tom is: in Mumbai that is half past six in UTC."""
    tom = world.rep("Tom Dvorak", time_zone="Asia/Kolkata")
    priya = world.rep("Priya Raghunathan", backup=tom)
    world.live(priya)
    world.lead()
    days = {"first_day": "2026-03-02", "last_day": "2026-03-04", "from_noon": True, "until_noon": True}
    Absence.objects.create(rep=tom, **days)
    with time_machine.travel(datetime(2026, 3, day, hour, tzinfo=UTC), tick=False):
        page = " ".join(as_ops.get(address(priya)).content.decode().split())
    hint = "(out of office: 2 Mar 2026, from noon, to 4 Mar 2026, until noon)"
    assert "To the backup, Tom Dvorak" in page
    assert (hint in page) is is_away


def test_the_backup_of_half_a_day_is_there_in_the_other_half(as_ops: Client) -> None:
    tom = world.rep("Tom Dvorak", time_zone="UTC")
    priya = world.rep("Priya Raghunathan", backup=tom)
    world.live(priya)
    world.lead()
    Absence.objects.create(rep=tom, first_day="2026-03-02", last_day="2026-03-02", until_noon=True)
    for hour, is_away in ((11, True), (12, False)):
        with time_machine.travel(datetime(2026, 3, 2, hour, tzinfo=UTC), tick=False):
            page = as_ops.get(address(priya)).content.decode()
        assert ("(out of office: 2 Mar 2026, until noon)" in page) is is_away
