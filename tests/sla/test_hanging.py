"""A process that stands still looks alive. Its cluster is back in action by itself all the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from django_q.tasks import async_task

from leadrouting.sla.cluster import LOOK, LOOKS, PAUSE
from tests.sla.belfry import Crew, all_struck, cut_connections, gone, hang, query, soon, wait_for

Start = Callable[..., Crew]

SILENCE = 2.0
"""Seconds, in place of the product's, so that these tests are short."""
START = 8.0
"""Seconds that a busy machine may take to start a cluster."""
BACK = SILENCE + LOOK * LOOKS + PAUSE + START
"""Seconds until a cluster that hangs is back in action."""
SHORT = {"WORKER_SILENCE": str(SILENCE)}


def enqueue(task: str, *arguments: object, times: int = 1) -> None:
    with transaction.atomic():
        for _ in range(times):
            async_task(
                f"tests.sla.bells.tasks.{task}", *arguments, cluster="pulse", q_options={"save": False}
            )


def is_new(crew: Crew, old: list[psutil.Process]) -> bool:
    return gone(old) and crew.is_up()


def test_with_the_settings_of_the_product_a_cluster_is_back_within_a_minute() -> None:
    timeout = max(settings.Q_CLUSTER["ALT_CLUSTERS"]["pulse"]["timeout"], 0)
    assert timeout + settings.WORKER_SILENCE + LOOK * LOOKS + PAUSE + START < 60


def test_whoever_stands_still_is_replaced_with_its_family(crew: Start) -> None:
    crews = [crew(**SHORT) for _ in range(4)]
    families = [one.family() for one in crews]
    for place, family in enumerate(families):  # of the first the sentinel, of the second the worker ...
        family[place].suspend()
    for name, one, family in zip(("sentinel", "worker", "monitor", "pusher"), crews, families, strict=True):
        assert wait_for(lambda one=one, family=family: is_new(one, family), BACK), f"The {name} stands still."
    hang(soon(0.1))
    assert wait_for(all_struck, 3)


@pytest.mark.parametrize("end", ["reading", "writing"])
@pytest.mark.parametrize("line", ["tasks", "results"])
def test_a_lock_that_is_left_locked_stops_nobody_for_long(crew: Start, line: str, end: str) -> None:
    pulse = crew(**SHORT)
    family = pulse.family()
    enqueue("leave_locked", line, end)
    time.sleep(0.5)
    bells = hang(*(soon(0.5 * i) for i in range(3)))
    assert wait_for(lambda: gone(family), BACK), "Nobody noticed."
    assert wait_for(all_struck, START + 3)
    assert sorted(query("SELECT bell FROM strike")) == [(bell,) for bell in bells]


def test_work_is_not_silence(crew: Start) -> None:
    """One task is at work, one is prefetched, one waits for room: all longer than anybody may be silent."""
    pulse = crew(**SHORT)
    family = pulse.family()
    enqueue("nap", SILENCE + LOOK * LOOKS + 0.3, times=3)
    assert wait_for(lambda: query("SELECT count(*) FROM django_q_ormq") == [(0,)], 20)
    assert pulse.family() == family


def test_a_database_that_is_away_is_waited_for(crew: Start, database_url: str) -> None:
    pulse = crew(**SHORT)
    family = pulse.family()
    name = urlsplit(database_url).path[1:]
    with psycopg.connect(
        urlsplit(database_url)._replace(path="/postgres").geturl(), autocommit=True
    ) as server:
        try:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            cut_connections()
            time.sleep(SILENCE + LOOK * LOOKS + 1)
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert pulse.family() == family
    hang(soon(0.1))
    assert wait_for(all_struck, 3)
