"""What the page of a lead says when its person came again, or may be somebody else's, too."""

import pytest
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments.merging import merge
from leadrouting.leads import suspects
from leadrouting.leads.services import receive_lead
from tests import world

pytestmark = pytest.mark.django_db


def shown(client, who, lead) -> str:
    client.force_login(who)
    return client.get(reverse("lead", args=[lead.pk])).content.decode()


def test_what_a_repeat_said_and_where_it_came_from(client):
    lead = receive_lead(now=timezone.now(), email="jane@example.com", city="Ulm").lead
    receive_lead(now=timezone.now(), email="jane@example.com", city="Bonn", utm_source="letter")
    page = shown(client, world.user(role="ops"), lead)
    assert "Enquired again" in page
    assert "It came from: utm source “letter”." in page
    assert "It said otherwise, which was not taken over: city “Bonn”." in page


def test_sales_ops_are_told_of_a_likely_duplicate_and_of_a_merge(client):
    one, two = (world.lead(name="Max Muster", company="Acme") for _ in range(2))
    suspects.find_all(timezone.now())
    ops, service = world.user(role="ops"), world.user(role="manager")
    assert "may be the same person" in shown(client, ops, one)
    assert "may be the same person" not in shown(client, service, one)
    merge(kept_id=one.pk, other_id=two.pk, by=ops, now=timezone.now())
    assert "may be the same person" not in shown(client, ops, one)
    assert "Merged" in shown(client, ops, one)
    assert reverse("lead", args=[one.pk]) in shown(client, ops, two)
