"""Who is at work, and clients for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from leadrouting.teams.models import Rep, User
from tests.workspace.scenes import Scene, at_work


@pytest.fixture
def scene(db: None) -> Scene:
    return at_work()


@pytest.fixture
def as_() -> Callable[[User | Rep], Client]:
    """A client that is logged in as this person."""

    def client_of(person: User | Rep) -> Client:
        client = Client()
        client.force_login(person.user if isinstance(person, Rep) else person)
        return client

    return client_of
