"""Leads that come before any rules are live: seen, told of, and routed as soon as rules are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from config.concerns import concerns
from leadrouting.assignments.models import Stir
from leadrouting.assignments.services import route_due
from leadrouting.leads.models import Lead
from leadrouting.notifications.alarms import raise_no_rules
from leadrouting.notifications.models import Message
from leadrouting.rules.models import Version
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["never any", "not any more"])
def leads(request) -> list[Lead]:
    if request.param == "not any more":
        world.live(world.rep())
        Version.objects.update(is_live=False)
    leads = [world.lead(), world.lead(priority="urgent"), world.lead()]
    Stir.objects.all().delete()
    return leads


def statuses() -> list[str]:
    return list(Lead.objects.order_by("pk").values_list("status", flat=True))


def test_they_are_routed_when_rules_go_live(leads):
    for _ in range(3):
        route_due(timezone.now())
    assert statuses() == ["received"] * 3
    make("Ten", {"respond": 10 * MINUTE}, hours="always")
    ann = world.rep("Ann", max_open=2)
    world.live(world.pool(ann))
    assert Stir.objects.exists(), "The pulse looks at once, not when a minute is over."
    route_due(timezone.now())

    assert statuses() == ["assigned", "assigned", "queued"], "The most urgent first, then the oldest."
    assert Clock.objects.filter(ended_at=None, rep=ann).count() == 2
    assert [lead.decisions.count() for lead in leads] == [1, 1, 1]


def test_the_clock_finds_them_too(leads):
    world.live(world.rep())
    Stir.objects.all().delete()
    route_due(timezone.now() + 2 * MINUTE)
    assert statuses() == ["assigned"] * 3


def test_sales_ops_are_told_each_hour(leads, client):
    olga, _, gone = (world.user(role=User.Role.OPS, is_active=active) for active in (True, True, False))
    now = timezone.now().replace(minute=10)
    Lead.objects.update(queued_at=now - 5 * MINUTE)
    for minutes in (-5, 0, 20, 60):
        raise_no_rules(now + minutes * MINUTE)
    told = Message.objects.filter(recipient=olga, kind="queue_alarm")
    assert [one.subject for one in told] == ["3 new leads wait: no rules are live"] * 2
    assert "Publish one" in told[0].body
    assert not Message.objects.filter(recipient=gone).exists()
    assert "No rule set is live: every lead waits in the intake queue (3 now)." in [
        one.text for one in concerns()
    ]
    client.force_login(olga)
    page = client.get("/admin/").content.decode()
    link = f"/admin/leads/lead/?queue={world.intake().pk}&status__in=received,queued"
    assert link in page
    rows = client.get(link)
    assert rows.status_code == 200
    assert len(rows.context["cl"].result_list) == 3


def test_nobody_is_told_while_rules_are_live(leads):
    world.live(world.rep())
    Lead.objects.update(queued_at=timezone.now() - 5 * MINUTE)
    raise_no_rules(timezone.now())
    assert not Message.objects.filter(subject__contains="no rules").exists()
