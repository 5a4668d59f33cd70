"""Workers are real processes here, and they are killed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from django.db import transaction
from django_q.tasks import async_task

from tests.sla.belfry import Crew, all_struck, cut_connections, gone, hang, lags, query, soon, wait_for

Start = Callable[..., Crew]


def test_due_work_is_done_whoever_is_killed(crew: Start) -> None:
    pulse = crew()
    for victim in ("sentinel", "worker", "monitor", "pusher"):
        family = pulse.family()
        family[("sentinel", "worker", "monitor", "pusher").index(victim)].kill()
        hang(soon(0.1))
        assert wait_for(all_struck, 6), f"Nothing was done after the {victim} was killed."
        assert wait_for(lambda dead=family: gone(dead), 1), f"The killed {victim} left orphans."
    assert wait_for(pulse.is_up, 5)


def test_a_stop_to_the_whole_group_is_clean_and_quick(crew: Start) -> None:
    pulse = crew("pulse", "--cluster", "pulse")
    family = pulse.family()
    start = time.monotonic()
    pulse.stop()
    assert pulse.keeper.returncode == 0
    assert time.monotonic() - start < 3
    assert gone(family)


def test_nobody_outlives_the_keeper(crew: Start) -> None:
    pulse = crew()
    family = pulse.family()
    pulse.end()
    assert wait_for(lambda: gone(family), 2)


def test_two_clusters_share_the_work_and_do_nothing_twice(crew: Start) -> None:
    crew()
    crew()
    bells = hang(*(soon(0.5 + 0.1 * i) for i in range(20)))
    assert wait_for(all_struck, 10)
    assert query("SELECT count(*) FROM sweep")[0][0] <= len(bells), (
        "Both clusters swept for the same deadline."
    )
    assert sorted(query("SELECT bell FROM strike")) == [(bell,) for bell in bells]


def test_nothing_is_lost_or_done_twice_under_random_kills(crew: Start) -> None:
    crews = [crew(), crew()]
    bells = hang(*(soon(0.2 + 0.02 * i) for i in range(200)))
    dice = random.Random(7)
    for _ in range(4):
        time.sleep(dice.uniform(0.6, 1.2))
        if family := dice.choice(crews).family():
            dice.choice(family).kill()
    assert wait_for(all_struck, 10)
    assert sorted(query("SELECT bell FROM strike")) == [(bell,) for bell in bells]


def test_a_backlog_delays_neither_the_pulse_nor_due_work_of_its_own_cluster(crew: Start) -> None:
    crew("default")
    crew("pulse")
    with transaction.atomic():
        for _ in range(300):
            async_task("tests.sla.bells.tasks.nap", 0.05, q_options={"save": False})
    hang(*(soon(0.2 * i) for i in range(5)))
    hang(*(soon(0.2 * i) for i in range(5)), queue="default")
    assert wait_for(all_struck, 5)
    assert query("SELECT count(*) > 100 FROM django_q_ormq") == [(True,)], "The backlog was gone too early."
    assert max(lags()) < 1


def test_the_default_cluster_stands_by_for_the_pulse(crew: Start) -> None:
    crew("default")
    hang(soon(0))
    assert wait_for(all_struck, 5)
    assert lags()[0] > 1.9


def test_lost_connections_are_opened_again(crew: Start) -> None:
    crew()
    for _ in range(2):
        cut_connections()
        hang(soon(0.1))
        assert wait_for(all_struck, 4)
