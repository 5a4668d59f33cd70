"""The broker's ear: nearest deadlines, the bell, the queue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.conf import Conf
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from leadrouting.sla import pulse
from leadrouting.sla.broker import STAND_BY, PulseBroker
from leadrouting.sla.pulse import AGAIN, Due
from tests.sla.belfry import cut_connections, hang, query, soon

BELLS = Due("bells", "tests.sla.bells.tasks.strike_pulse", "pulse", "SELECT min(due_at) FROM bell")


@pytest.fixture(autouse=True)
def bells(belfry: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_kinds", {})
    pulse.register(BELLS)


def names(tasks: list[tuple[int | None, str]]) -> list[Any]:
    return [SignedPackage.loads(payload)["name"] for _, payload in tasks]


def enqueue(*names: str, cluster: str = "pulse") -> None:
    with transaction.atomic():
        for name in names:
            async_task("tests.sla.bells.tasks.nap", 0, task_name=name, cluster=cluster)


def test_every_kind_says_when_it_is_due_next_in_one_statement(django_assert_num_queries: Any) -> None:
    pulse.register(Due("idle", "x", "pulse", "SELECT min(due_at) FROM bell WHERE false"))
    pulse.register(Due("elsewhere", "x", "default", "SELECT max(due_at) FROM bell"))
    first, last = soon(5), soon(9)
    hang(last, first)
    with django_assert_num_queries(1):
        assert pulse.nearest() == {"bells": first, "elsewhere": last}
    assert pulse.nearest("default") == {"elsewhere": last}
    assert pulse.nearest("nowhere") == {}


def test_a_sweep_is_dealt_out_once_when_due_and_again_each_second() -> None:
    broker = PulseBroker("pulse")
    hang(soon(0))
    assert names(broker.dequeue()) == ["bells"]
    assert broker.dequeue() == []
    query("UPDATE sla_ring SET rung_at = rung_at - interval '1 second'")
    assert names(broker.dequeue()) == ["bells"]


def test_a_new_deadline_is_heard_at_once() -> None:
    broker = PulseBroker("pulse")
    hang(soon(0))
    broker.dequeue()
    hang(soon(-5))
    assert names(broker.dequeue()) == ["bells"]


def test_one_of_many_clusters_wins_the_bell() -> None:
    now = timezone.now()

    def listen(_: int) -> bool:
        try:
            return pulse.ring(BELLS, now, now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(listen, range(40))) == 1


def test_the_bell_is_not_lost_to_a_clock_that_ran_ahead() -> None:
    now = timezone.now()
    assert pulse.ring(BELLS, now, now + timedelta(hours=1))
    assert pulse.ring(BELLS, now, now)
    assert not pulse.ring(BELLS, now, now + AGAIN / 2)


def test_a_wait_ends_with_the_next_deadline() -> None:
    broker = PulseBroker("pulse")
    hang(soon(0.1))
    start = monotonic()
    assert broker.dequeue() == []
    assert monotonic() - start < Conf.POLL
    assert names(broker.dequeue()) == ["bells"]


def test_a_deadline_close_behind_another_is_not_overslept() -> None:
    broker = PulseBroker("pulse")
    hang(soon(0))
    broker.dequeue()
    start = monotonic()
    broker.dequeue()
    assert monotonic() - start < Conf.POLL / 2, "It may hide the next one until a sweep is done with it."
    query("UPDATE bell SET due_at = due_at - interval '1 second'")
    start = monotonic()
    broker.dequeue()
    broker.dequeue()
    assert monotonic() - start > Conf.POLL, "What hangs for long is looked at calmly."


def test_tasks_come_in_order_and_to_one_cluster_each() -> None:
    enqueue("first", "second", "third")
    enqueue("other", cluster="default")
    one, two = PulseBroker("pulse"), PulseBroker("pulse")
    assert names([*one.dequeue(), *two.dequeue(), *one.dequeue(), *two.dequeue()]) == [
        "first",
        "second",
        "third",
    ]
    query("UPDATE django_q_ormq SET lock = now() - interval '1 second'")
    assert names(two.dequeue()) == ["first"], "What was never acknowledged comes back."


def test_a_task_that_another_cluster_is_taking_is_skipped() -> None:
    enqueue("first", "second")

    def take() -> list[Any]:
        try:
            return names(PulseBroker("pulse").dequeue())
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor() as pool:
        query("SELECT id FROM django_q_ormq ORDER BY id LIMIT 1 FOR UPDATE")
        assert pool.submit(take).result(5) == ["second"]


def test_a_sweep_comes_before_the_queue_but_does_not_starve_it() -> None:
    enqueue("waiting")
    hang(soon(0))
    assert names(PulseBroker("pulse").dequeue()) == ["bells", "waiting"]


def test_the_default_cluster_hands_the_minute_net_to_the_pulse() -> None:
    query("UPDATE django_q_schedule SET next_run = now() + interval '1 hour'")
    query("UPDATE django_q_schedule SET next_run = now() - interval '1 second' WHERE name = 'Sweep clocks'")
    scheduler()
    assert query("SELECT key FROM django_q_ormq") == [("pulse",)]
    assert SignedPackage.loads(query("SELECT payload FROM django_q_ormq")[0][0])["ack_failure"]


@pytest.mark.parametrize(
    ("late", "expected"), [(timedelta(), []), (STAND_BY, ["bells"])], ids=["in time", "late"]
)
def test_another_cluster_stands_by(late: timedelta, expected: list[str]) -> None:
    due: datetime = timezone.now() - late
    hang(due)
    assert names(PulseBroker("default").dequeue()) == expected


def test_a_lost_connection_is_let_go_and_opened_again() -> None:
    broker = PulseBroker("pulse")
    hang(soon(0))

    def suffer() -> list[list[Any]]:
        try:
            broker.alarms()
            cut_from.submit(cut).result()
            return [names(broker.dequeue()), names(broker.dequeue())]
        finally:
            connection.close()

    def cut() -> None:
        cut_connections()
        connection.close()

    with ThreadPoolExecutor() as cut_from, ThreadPoolExecutor() as pool:
        connection.close()
        assert pool.submit(suffer).result() == [[], ["bells"]]
