"""The page on which a rep leaves, and comes back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep, User
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
