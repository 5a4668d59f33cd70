"""django-q2's cluster, made to survive the death of any of its processes.

By itself it freezes for good when a worker is killed while it reads the queue, acknowledges nothing any more
when the monitor is, leaves its children working when the sentinel is, and hangs when SIGTERM reaches the
whole group; and nobody notices one that stands still. So here a killed child takes all others with it, one
that is not heard of in time is killed with all others (`heartbeat`), and the parent starts afresh.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import sleep
from types import FrameType
from typing import Any
from uuid import UUID, uuid4

from django.db import connections
from django_q.cluster import Sentinel
from django_q.conf import Conf
from django_q.monitor import monitor
from django_q.worker import worker

from leadrouting.sla.family import Child, Lifeline, turn_deaf
from leadrouting.sla.heartbeat import MONITOR, PUSHER, SENTINEL, Heart, Hearts
from leadrouting.sla.lines import Line, to_its_timeout

logger = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds before a cluster that died is started again."""
PATIENCE = 20.0
"""Seconds that running tasks have to end after a stop was asked for."""
LOOK = 0.1
"""Seconds between two looks of the keeper."""
LOOKS = 10
"""So many looks in a row must find somebody silent: after a pause of the whole machine, all speak again."""


class Guard(Sentinel):
    """The sentinel: looks after workers, monitor and pusher; ends with all of them when one is killed."""

    def __init__(self, lifeline: Lifeline, cluster: UUID, hearts: Hearts) -> None:
        self.hearts = hearts
        super().__init__(lifeline, Event(), cluster)

    def start(self) -> None:
        self.family: list[Child] = []
        self.task_queue = Line(Conf.QUEUE_LIMIT, to_its_timeout)
        self.result_queue = Line()
        turn_deaf()
        signal.signal(signal.SIGCHLD, self.look_after_family)
        super().start()

    def spawn_process(self, target: Callable[..., None], *args: Any) -> Child:
        child = Child(target=target, args=args, daemon=Conf.DAEMONIZE_WORKERS if target is worker else True)
        child.heart = self.heart_for(target)
        if target is worker:
            child.timer = args[2]
            self.pool.append(child)
        self.family = [*(one for one in self.family if one.exitcode is None), child]
        child.start()
        return child

    def heart_for(self, target: Callable[..., None]) -> Heart:
        if target is worker:
            return self.hearts.worker()
        return self.hearts.heart(MONITOR if target is monitor else PUSHER)

    def reincarnate(self, process: Child) -> None:
        self.look_after_family()
        super().reincarnate(process)

    def look_after_family(self, number: int = 0, frame: FrameType | None = None) -> None:
        """On SIGCHLD, because this process may itself be waiting for a lock that the dead one held."""
        if any(child.was_killed for child in self.family):
            os._exit(1)


def guard(lifeline: Lifeline, cluster: UUID, hearts: Hearts) -> None:
    os.setpgid(0, 0)
    lifeline.far.close()
    Guard(lifeline, cluster, hearts)


class Keeper:
    """The parent: keeps a sentinel running until SIGTERM or SIGINT."""

    def __init__(self) -> None:
        self.is_stopping = False

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        self.is_stopping = True

    def run(self) -> None:
        """
        1. Start a sentinel and watch it.
        2. Asked to stop, cut its lifeline and wait for running tasks; past all patience, kill it.
        3. If it ended unasked, pause and start another one.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        cluster = uuid4()
        while not self.is_stopping:
            self.run_once(cluster)
            if not self.is_stopping:
                logger.error("The cluster died and is started again", extra={"cluster": Conf.CLUSTER_NAME})
                sleep(PAUSE)

    def run_once(self, cluster: UUID) -> None:
        connections.close_all()
        lifeline, hearts = Lifeline(), Hearts(Conf.WORKERS)
        sentinel = Child(target=guard, args=(lifeline, cluster, hearts))
        sentinel.heart = hearts.heart(SENTINEL)
        sentinel.start()
        if self.watch(sentinel, hearts):
            lifeline.set()
            sentinel.join(PATIENCE)
        end(sentinel)
        lifeline.close()

    def watch(self, sentinel: Child, hearts: Hearts) -> bool:
        """Until a stop is asked for (True), or the family is dead or hangs (False)."""
        silences = 0
        while sentinel.is_alive() and silences < LOOKS:
            if self.is_stopping:
                return True
            sentinel.join(LOOK)
            silences = silences + 1 if (silent := hearts.silent()) else 0
        if silences:
            logger.error("The cluster hangs and is killed: not heard of the %s", " and the ".join(silent))
        return False


def end(sentinel: Child) -> None:
    """Kill it and, as it heads their group, all of its children, also those that are stopped."""
    if sentinel.is_alive() and sentinel.pid:
        with suppress(ProcessLookupError):  # it has not become a head yet
            os.killpg(sentinel.pid, signal.SIGKILL)
    sentinel.kill()
    sentinel.join()
    sentinel.close()
