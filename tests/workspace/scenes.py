"""A team at work: Priya owns a lead whose clock runs, Tom is the next in the pool, Mira manages both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.sla.making import make
from leadrouting.teams.models import Queue, Rep, Team, User
from tests import world

HTMX = {"HTTP_HX_REQUEST": "true"}


@dataclass(frozen=True)
class Scene:
    now: datetime
    team: Team
    mira: User
    priya: Rep
    tom: Rep
    queue: Queue
    lead: Lead

    def routed(self, **values: Any) -> Lead:
        """One more lead, by round robin."""
        lead = world.lead(**{"created_at": self.now, **values})
        route(lead.pk, now=self.now)
        lead.refresh_from_db()
        return lead

    def priyas(self, **values: Any) -> Lead:
        """One more lead of Priya's."""
        Rep.objects.filter(pk=self.tom.pk).update(presence="away")
        lead = self.routed(**values)
        Rep.objects.filter(pk=self.tom.pk).update(presence="available")
        assert lead.owner_id == self.priya.pk
        return lead


def at_work() -> Scene:
    now = timezone.now()
    mira = world.user("Mira Lindqvist", role=User.Role.MANAGER)
    team = world.team("EMEA", manager=mira)
    priya, tom = world.rep("Priya Raghunathan", team=team), world.rep("Tom Dvorak", team=team)
    pool = world.pool(priya, tom, name="EMEA inbound")
    queue = world.queue("Triage EMEA", owner=mira)
    world.live(pool, catch_all=queue)
    make("Within the hour", {"respond": timedelta(hours=1)}, hours="always")
    lead = world.lead(
        name="Anna Berg",
        company="Bergström AB",
        phone="+4930901820",
        message="Please call me.\nSoon.",
        created_at=now,
    )
    Rep.objects.filter(pk=tom.pk).update(presence="away")
    route(lead.pk, now=now)
    Rep.objects.filter(pk=tom.pk).update(presence="available")
    lead.refresh_from_db()
    assert lead.owner_id == priya.pk
    return Scene(now, team, mira, priya, tom, queue, lead)
