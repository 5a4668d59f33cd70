"""Office hours whose special days are all past open never again. That keeps no lead from its way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.assignments.services import route
from leadrouting.teams.models import OfficeHours, SpecialDay
from tests import world


@pytest.mark.django_db
def test_a_lead_goes_on_to_the_catch_all():
    fair = OfficeHours.objects.create(name="Fair", time_zone="UTC")
    SpecialDay.objects.create(office_hours=fair, day=world.NOON.date(), opens="09:00", closes="13:00")
    version = world.live(world.pool(world.rep(office_hours=fair)))
    lead = world.lead()
    route(lead.pk, now=world.NOON + timedelta(days=1))
    lead.refresh_from_db()
    assert (lead.owner, lead.queue) == (None, version.rule_set.catch_all)
