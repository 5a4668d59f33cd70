"""An office in which every admin list has something to show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django_q.models import OrmQ, Schedule, Task
from django_q.signing import SignedPackage
from rest_framework.authtoken.models import Token

from leadrouting.analytics.models import RebalanceReport
from leadrouting.assignments.services import route
from leadrouting.leads.models import Attribute, Campaign, Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Escalation
from leadrouting.teams.models import (
    Absence,
    Holiday,
    OfficeHours,
    RepSkill,
    Skill,
    SpecialDay,
    Territory,
    User,
)
from tests import world
from tests.admin import cupboards


@pytest.fixture
def ops(db: None) -> User:
    return world.user("Olga Ops", role=User.Role.OPS, time_zone="Europe/Berlin")


@pytest.fixture
def client_of() -> Any:
    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def as_ops(ops: User, client_of: Any) -> Client:
    return client_of(ops)


def furnish(number: int) -> None:
    """One more of everything; called again, there is more of everything."""
    now = world.NOON + timedelta(minutes=number)
    hours = OfficeHours.objects.create(name=f"Hours {number}", time_zone="Europe/Berlin", country="DE")
    for weekday in range(5):
        hours.windows.create(weekday=weekday, opens="08:00", closes="18:00")
    Holiday.objects.create(office_hours=hours, day=now.date() + timedelta(number), name="Summer party")
    SpecialDay.objects.create(
        office_hours=hours, day=now.date() + timedelta(number), opens="09:00", closes="11:00"
    )
    team = world.team(f"Team {number}", office_hours=hours)
    reps = world.reps(2, team=team, max_open=10, max_day=5)
    for rep in reps:
        Absence.objects.create(rep=rep, first_day="2026-08-01", last_day="2026-08-09", reason="Holiday")
    skill = Skill.objects.create(name=f"Skill {number}")
    RepSkill.objects.create(rep=reps[0], skill=skill, level=number)
    pool = world.pool(*reps, weights=[1, 2], name=f"Pool {number}")
    parent = Territory.objects.create(code=f"p{number}", name=f"Part {number}", countries=["DE"])
    Territory.objects.create(
        code=f"t{number}", name=f"Town {number}", parent=parent, owner=reps[0], regions=["DE-BY"]
    )
    campaign = Campaign.objects.create(key=f"c{number}", name=f"Campaign {number}")
    world.account(f"Account {number}", f"a{number}.example", owner=reps[0])
    make(
        f"Policy {number}",
        {"respond": timedelta(minutes=15)},
        when=[("channel", "is_not", "phone")],
        hours="always",
        precedence=number,
    )
    Attribute.objects.create(
        key=f"plan_{number}", label=f"plan {number}", type="choice", choices=["Pro", "Basic"]
    )
    Attribute.objects.create(key=f"seats_{number}", label=f"seats {number}", type="number", unit="seats")
    rules = world.live(
        pool, reps[0], world.queue(f"Triage {number}"), options={"ignore_hours": True}
    ).rule_set
    world.rule(
        rules,
        pool,
        when=[
            ("country", "is_any_of", "DE, AT"),
            ("score", ">=", "50"),
            (f"attributes.plan_{number}", "is", "Pro"),
        ],
        is_active=False,
    )
    for lead in (world.lead(country="DE", attributes={f"plan_{number}": "Pro"}), world.lead()):
        route(lead.pk, now=now)
    waiting = world.lead(created_at=now)
    Lead.objects.filter(pk=waiting.pk).update(route_at=None)
    clock = Lead.objects.exclude(clocks=None).latest("pk").clocks.get()
    Escalation.objects.create(clock=clock, step="reminder 75", acted_at=now)
    Message.objects.create(
        kind=Message.Kind.REMINDER,
        recipient=team.manager,
        subject="Answer soon",
        body="Somebody waits.",
        dedupe_key=f"test:{number}",
        created_at=now,
    )
    background_work(number, now)
    cupboards.fill(number, campaign, reps[0], now)
    Token.objects.create(user=reps[0].user)
    RebalanceReport.objects.create(
        team=team, week="2026-03-02", created_at=now, content={"summary": ["All is well."], "figures": []}
    )


def background_work(number: int, now: datetime) -> None:
    for success in (True, False):
        key = uuid4().hex
        Task.objects.create(id=key, name=key, func="math.floor", started=now, stopped=now, success=success)
    OrmQ.objects.create(
        key="default", payload=SignedPackage.dumps({"id": "1", "name": f"Task {number}", "func": "a.b"})
    )
    Schedule.objects.create(name=f"Schedule {number}", func="math.floor")


@pytest.fixture
def office(db: None) -> None:
    furnish(1)
