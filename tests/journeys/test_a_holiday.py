"""Ops add a holiday, and the next lead goes elsewhere; the explanation says why."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.assignments.explaining import explanation
from leadrouting.assignments.models import Decision
from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.teams.models import OfficeHours, User
from tests import world
from tests.admin.forms import posted, row


def routed() -> Lead:
    lead = world.lead()
    route(lead.pk, now=world.NOON)  # Wednesday 4 March 2026, 13:00 in Munich
    lead.refresh_from_db()
    return lead


@pytest.mark.django_db
def test_a_holiday_sends_the_next_lead_elsewhere():
    hours = OfficeHours.objects.create(
        name="Munich", time_zone="Europe/Berlin", country="DE", subdivision="BY"
    )
    for weekday in range(5):
        hours.windows.create(weekday=weekday, opens="09:00", closes="18:00")
    team = world.team("Munich", office_hours=hours)
    munich, everywhere = world.rep("Mia Huber", team=team), world.rep("Eve Meyer")
    world.live(world.pool(munich, name="Near"), world.pool(everywhere, name="Far"))
    assert routed().owner_id == munich.pk

    client = Client()
    client.force_login(world.user(role=User.Role.OPS))
    path = reverse("admin:teams_officehours_change", args=[hours.pk])
    form = posted(client.get(path), "officehours_form")
    client.post(path, row(form, "holidays", day="2026-03-04", name="Founders' day"))

    lead = routed()
    assert lead.owner_id == everywhere.pk
    said = " ".join(explanation(Decision.objects.get(lead=lead)))
    assert "Near, round robin: nobody could take it. Mia Huber was outside office hours." in said
