"""A cast for the API: a rep, her manager, a rep of another team, sales ops, a service; each with a client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.sla.making import make
from leadrouting.teams.models import Pool, Rep, User
from tests import world

LEADS = "/api/v1/leads/"
EVERYBODY = ["rep", "manager", "other", "ops", "service"]


@dataclass(slots=True)
class Cast:
    """`ann` is in the pool that every lead goes to; `bob` is in another team with another manager."""

    ann: Rep
    bob: Rep
    pool: Pool
    users: SimpleNamespace

    def client(self, who: str) -> APIClient:
        return client_of(getattr(self.users, who))


def client_of(user: User) -> APIClient:
    """Speaks as this user, with a real token."""
    client = APIClient(raise_request_exception=False)
    token, _ = Token.objects.get_or_create(user=user)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
    return client


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    ann, bob = world.rep("Ann Archer"), world.rep("Bob Baker")
    pool = world.pool(ann, name="Closers")
    world.live(pool, name="All to closers")
    make("Usual", {"respond": timedelta(minutes=15)}, hours="always")
    users = SimpleNamespace(
        rep=ann.user,
        manager=ann.team.manager,
        other=bob.user,
        ops=world.user("Olga Ops", role=User.Role.OPS),
        service=world.user("Web shop", role=User.Role.SERVICE),
    )
    return Cast(ann=ann, bob=bob, pool=pool, users=users)


def arrive(**values: Any) -> Lead:
    """A lead that is routed, also inside a test's transaction, where nothing is committed."""
    lead = world.lead(**values)
    route(lead.pk, now=timezone.now())
    lead.refresh_from_db()
    return lead
