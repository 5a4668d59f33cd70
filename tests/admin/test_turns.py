"""A pool's page tells who is away, whose turns come next under each policy, and what everybody is owed."""

import pytest
from django.test import Client
from django.urls import reverse

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


def test_pools_by_load_tell_no_turns_and_those_by_capacity_the_weight(as_ops: Client) -> None:
    reps = [world.rep("Ann", max_open=10), world.rep("Ben", max_open=30)]
    said = page(as_ops, world.pool(*reps, strategy="least_utilised"))
    assert "depend on how many conversations" in said
    said = page(as_ops, world.pool(*reps, strategy="capacity"))
    assert '<td>Ben</td> <td class="lr-right">3</td>' in said
    assert "Everybody is here now." in said
    assert "No turn was taken yet" in page(as_ops, world.pool())
