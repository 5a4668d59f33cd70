from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.sla.belfry import TABLES, Crew, gone, query, wait_for

CLEAN = "DROP TABLE bell, strike, sweep; DELETE FROM sla_ring; DELETE FROM django_q_ormq; DELETE FROM django_q_task"


@pytest.fixture
def belfry(committed: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Bells for other processes to see: committed, and cleaned up by hand, much quicker than by a flush."""
    with django_db_blocker.unblock():
        query(TABLES)
        yield
        query(CLEAN)
        connection.close()


@pytest.fixture
def crew(belfry: None, database_url: str) -> Iterator[Callable[..., Crew]]:
    """Starts workers and waits until they are up; ends them before the tables go."""
    crews: list[Crew] = []

    def start(cluster: str = "pulse", *arguments: str, **variables: str) -> Crew:
        one = Crew(cluster, database_url, *arguments, **variables)
        crews.append(one)
        assert wait_for(one.is_up, 20)
        return one

    yield start
    left = [process for one in crews for process in one.family()]
    for one in crews:
        one.end()
    assert wait_for(lambda: gone(left), 5)
