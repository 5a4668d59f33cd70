"""A pool's page tells who is away, whose turns come next under each policy, and what everybody is owed."""

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.assignments.models import Load
from tests import world

pytestmark = pytest.mark.django_db


def page(client: Client, pool) -> str:
    answer = client.get(reverse("admin:teams_pool_change", args=[pool.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_twenty_turns_under_each_policy(as_ops: Client) -> None:
    pool = world.pool(world.rep("Ann"), world.rep("Ben", presence="away"))
    said = page(as_ops, pool)
    assert "Away now: Ben is away." in said
    for policy in ("are forfeited (as set)", "are caught up in full", "are caught up within a limit"):
        assert f"If missed turns {policy}" in said
    assert "Once all are back after 10 leads: Ben" in said
    assert said.count("Once all are back") == 3


def test_limits_end_the_turns_ahead(as_ops: Client) -> None:
    """Ann may have 3 open and has 1, Ben 2 in an hour; then nobody can, and the page says who is at which limit."""
    ann, ben = world.rep("Ann", max_open=3), world.rep("Ben", max_hour=2)
    pool = world.pool(ann, ben)
    Load.objects.update_or_create(rep=ann, defaults={"open": 1})
    said = page(as_ops, pool)
    assert "Ann, Ben, Ann, Ben <br> Then nobody can take one" in said
    assert "At a limit then: Ann is at capacity, Ben has reached the hour’s limit" in said


def test_it_says_that_waiting_leads_are_not_counted(as_ops: Client) -> None:
    said = page(as_ops, world.pool(world.rep("Ann")))
    assert "nor are leads that wait in queues: they are tried before new ones" in said


def test_a_team_s_limit_counts_for_all_of_it(as_ops: Client) -> None:
    team = world.team(max_day=3)
    said = page(as_ops, world.pool(*world.reps(2, team=team)))
    assert said.count("is in a team at its limit") == 6


def test_pools_by_load_tell_one_way_and_those_by_capacity_the_weight(as_ops: Client) -> None:
    reps = [world.rep("Ann", max_open=10), world.rep("Ben", max_open=30)]
    said = page(as_ops, world.pool(*reps, strategy="least_utilised"))
    assert "By what they carry" in said and "If missed turns" not in said
    assert "Ann, Ben, Ben, Ben, Ben, Ann, Ben, Ben, Ann" in said  # a tenth each, and ties by turns
    said = page(as_ops, world.pool(*reps, strategy="capacity"))
    assert '<td>Ben</td> <td class="lr-right">3</td>' in said
    assert "Everybody can take a lead now." in said
    assert "No turn was taken yet" in page(as_ops, world.pool())
