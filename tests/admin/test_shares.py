"""Ops edit tables of shares and quotas, and see on every page how large a share is, and why."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from leadrouting.assignments.attaining import count_attainment
from leadrouting.teams.models import Quota, RampWeek, SharePlan, WinRate
from tests import world
from tests.admin.forms import posted, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(world.NOON, tick=False):
        yield


def page(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(f"admin:teams_{name}", args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_table_for_everybody_starts_with_four_weeks_and_cannot_go(as_ops: Client) -> None:
    said = page(as_ops, "shareplan_changelist")
    assert "week 1: 25 %, week 2: 50 %, week 3: 75 %, week 4: 100 %" in said
    assert "from 100 %: 50 %, from 120 %: 0 %" in said
    house = SharePlan.objects.get()
    as_ops.post(reverse("admin:teams_shareplan_delete", args=[house.pk]), {"post": "yes"})
    assert SharePlan.objects.filter(pk=house.pk).exists()


def test_a_team_gets_a_table_of_its_own_once(as_ops: Client) -> None:
    team = world.team("DACH")
    link = reverse("admin:teams_shareplan_add")
    form = row(posted(as_ops.get(link), "shareplan_form", team=team.pk), "weeks", week=1, share=10)
    assert as_ops.post(link, form).status_code == 302
    assert RampWeek.objects.get(plan__team=team).share == 10
    assert "is not one of the available choices" in as_ops.post(link, form).content.decode()
    assert "as for everybody" in page(as_ops, "shareplan_changelist")


def test_the_rep_and_the_pool_say_how_large_the_share_is_until_when_and_why(as_ops: Client) -> None:
    lena, ben = world.rep("Lena Brandt", started_on=date(2026, 2, 25)), world.rep("Ben Haas")
    Quota.objects.create(rep=ben, target=5, measure="number")
    count_attainment(world.NOON)
    pool = world.pool(lena, ben)
    said = page(as_ops, "rep_change", lena.pk)
    assert "Half share, week 2 of the ramp-up, until 10 Mar." in said
    assert "Won 0 of 5 leads this month: 0 % of the quota." in page(as_ops, "rep_change", ben.pk)
    said = page(as_ops, "rep_changelist")
    assert "Half share</span><span class='lr-said lr-quiet whitespace-nowrap'>week 2 of the ramp-up" in said
    assert "0 % of the quota" in said
    said = page(as_ops, "pool_change", pool.pk)
    assert "33.3%" in said and "66.7%" in said
    assert "Lena Brandt: half share, week 2 of the ramp-up, until 10 Mar." in said


def test_the_pool_tells_wins_rates_and_the_share_that_follows(as_ops: Client) -> None:
    lucky, steady, idle = world.rep("Lucky"), world.rep("Steady"), world.rep("Idle")
    pool = world.pool(lucky, steady, idle)
    WinRate.objects.create(pool=pool, rep=lucky, won=3, closed=3)
    WinRate.objects.create(pool=pool, rep=steady, won=27, closed=97)
    said = page(as_ops, "pool_change", pool.pk)
    assert "won 30 of the 100 deals" in said
    assert "This pool does not go by win rates." in said
    cells = (
        '<td>Lucky</td> <td class="lr-right">3</td> <td class="lr-right">3</td> <td class="lr-right"> 100.0 %'
    )
    assert cells in said
    assert '39.1 %</td> <td class="lr-right">130 %</td>' in said
    pool.strategy = "performance"
    pool.save()
    said = page(as_ops, "pool_change", pool.pk)
    assert "Turns follow these rates." in said
    assert "Lucky: 130 % of the weight, wins 39.1 % of deals, with luck allowed for." in said
    pool.win_ceiling = 110
    pool.save()
    assert "Lucky: 110 % of the weight" in page(as_ops, "pool_change", pool.pk)
