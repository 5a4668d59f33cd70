"""Routing is switched on campaign by campaign."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.assignments.services import route
from leadrouting.leads.models import Campaign, Lead
from leadrouting.teams.models import Rep
from tests import world


@pytest.fixture
def rep(db: None) -> Rep:
    rep = world.rep("Rita")
    world.live(rep)
    return rep


@pytest.fixture
def fair(rep: Rep) -> Campaign:
    return Campaign.objects.create(key="fair", name="Trade fair", is_routed=False)


@pytest.fixture
def lead(fair: Campaign) -> Lead:
    lead = world.lead(campaign=fair, created_at=world.NOON)
    route(lead.pk, now=world.NOON)
    return lead


def owner(lead: Lead) -> int | None:
    return Lead.objects.values_list("owner", flat=True).get(pk=lead.pk)


def address(campaign: Campaign) -> str:
    return reverse("admin:leads_campaign_route_waiting", args=[campaign.pk])


def test_the_list_says_what_is_given_out_by_hand(as_ops: Client, lead: Lead) -> None:
    shown = as_ops.get(reverse("admin:leads_campaign_changelist")).content.decode()
    assert "By hand" in shown


def test_switching_it_on_says_what_waits_and_moves_nothing(
    as_ops: Client, lead: Lead, fair: Campaign
) -> None:
    page = reverse("admin:leads_campaign_change", args=[fair.pk])
    sent = {"name": fair.name, "key": fair.key, "is_active": "on", "is_routed": "on"}
    sent |= {"repeats": fair.repeats, "reopen_days": str(fair.reopen_days)}
    answer = as_ops.post(page, sent, follow=True)
    assert "1 lead that came while routing was off still waits" in answer.content.decode()
    assert owner(lead) is None


def test_those_that_wait_are_routed_when_ops_say_so(
    as_ops: Client, lead: Lead, fair: Campaign, rep: Rep
) -> None:
    asked = as_ops.get(address(fair)).content.decode()
    assert "1 lead came while routing was off" in asked
    assert owner(lead) is None, "Looking moves nothing."
    answer = as_ops.post(address(fair), follow=True).content.decode()
    assert "1 lead of “Trade fair” went through the rules" in answer
    assert owner(lead) == rep.pk
    assert "Nothing waits" in as_ops.get(address(fair)).content.decode()
    assert "No lead of" in as_ops.post(address(fair), follow=True).content.decode()


def test_nobody_else_may(client_of: Any, lead: Lead, fair: Campaign, rep: Rep) -> None:
    for person in (rep.user, rep.team.manager):
        assert client_of(person).post(address(fair)).status_code in (302, 403)
    assert owner(lead) is None
