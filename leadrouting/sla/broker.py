"""Brokers that are alarm clocks as well: the poll that looks for tasks also looks at the deadlines."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep
from uuid import NAMESPACE_URL, uuid5

from django.db import Error, connections
from django.utils import timezone
from django_q.brokers import Broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.signing import SignedPackage

from leadrouting.sla import heartbeat, pulse
from leadrouting.sla.pulse import AGAIN, Due

logger = logging.getLogger(__name__)

PULSE = "pulse"
OUTBOX = "outbox"
STOOD_IN_FOR = {"default": (PULSE, OUTBOX)}
"""Whose work a cluster does when it is late; the others do the pulse's alone."""
STAND_BY = timedelta(seconds=2)
"""This late."""
GLANCE = timedelta(seconds=0.02)
"""Between two looks while a sweep is at work: the deadline after the one it acts on may be near."""
BREATH = 0.5
"""Seconds to wait after an error of the database."""

Task = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Work that is due at `deadline`; this cluster sees to it from `at` on."""

    due: Due
    deadline: datetime
    at: datetime


class Pulse(Broker):
    """Mixed into a broker, it deals out a sweep as soon as something is due.

    A sweep is not put into the queue: it goes straight to the workers of the cluster that won the bell
    (`pulse.ring`), ahead of everything queued. So none can pile up, and one that is lost with its worker
    needs no acknowledgement: its deadline is still there, and a second later the bell rings again.
    """

    errors: tuple[type[Exception], ...] = (Error,)

    def __init__(self, list_key: str | None = None) -> None:
        self.queue: str = list_key or Conf.CLUSTER_NAME
        super().__init__(list_key=list_key)

    def __setstate__(self, state: tuple[str, str | None]) -> None:
        self.queue = Conf.CLUSTER_NAME
        super().__setstate__(state)

    def dequeue(self) -> list[Task]:
        """Tasks for the workers: sweeps that are due, then at most `bulk` from the queue.

        1. Read the nearest deadline of each kind.
        2. Deal out a sweep for each that is due and whose bell nobody else has rung.
        3. Take from the queue; wait, if there is nothing, until the poll or the next deadline.
        4. On a database error, let go of the connection, breathe, and go on: the caller calls again.
        """
        heartbeat.beat()
        try:
            now = timezone.now()
            alarms = self.alarms()
            sweeps = [
                (None, package(alarm.due, now)) for alarm in alarms if alarm.at <= now and rung(alarm, now)
            ]
            return [*sweeps, *self.take(now if sweeps else waking(alarms, now))]
        except self.errors as error:
            logger.warning("The broker lost its connection and tries again: %s", error)
            connections[Conf.ORM].close()
            sleep(BREATH)
            return []

    def alarms(self) -> list[Alarm]:
        """What this cluster answers for: its own kinds at once, those that it stands in for when they are late."""
        clusters = (self.queue, *STOOD_IN_FOR.get(self.queue, (PULSE,)))
        deadlines = pulse.nearest(*clusters, using=Conf.ORM)
        return [
            Alarm(due, at, at if due.queue == self.queue else at + STAND_BY)
            for due in pulse.kinds(*clusters)
            if (at := deadlines.get(due.name))
        ]

    def take(self, until: datetime) -> list[Task]:
        """At most `bulk` tasks from the queue; when there is none, wait for `until` (UTC)."""
        raise NotImplementedError


def rung(alarm: Alarm, now: datetime) -> bool:
    return pulse.ring(alarm.due, alarm.deadline, now, using=Conf.ORM)


def waking(alarms: list[Alarm], now: datetime) -> datetime:
    """The poll or the next deadline to come, whichever is nearer.

    A deadline that has just passed hides those behind it until a sweep is done with it, which is soon.
    """
    hiding = any(now - AGAIN < alarm.at <= now for alarm in alarms)
    poll = GLANCE if hiding else timedelta(seconds=Conf.POLL)
    return min([now + poll, *(alarm.at for alarm in alarms if alarm.at > now)])


def seconds_until(at: datetime) -> float:
    return max((at - timezone.now()).total_seconds(), 0)


def package(due: Due, now: datetime) -> str:
    """The sweep as django-q carries it. Its id never changes: a kind of work that fails keeps one failure
    row with the last error and the number of attempts, not one row a second."""
    return SignedPackage.dumps(
        {
            "id": uuid5(NAMESPACE_URL, due.name).hex,
            "name": due.name,
            "func": due.task,
            "args": (),
            "kwargs": {},
            "started": now,
            "save": False,
            "ack_failure": True,
        }
    )


TAKE = """
    UPDATE django_q_ormq SET lock = %s WHERE id IN (
        SELECT id FROM django_q_ormq WHERE key = %s AND lock < %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING id, payload
"""


class PulseBroker(Pulse, ORM):
    """Tasks in PostgreSQL, so that one is enqueued in the transaction that needs it."""

    def take(self, until: datetime) -> list[Task]:
        now = timezone.now()
        with connections[Conf.ORM].cursor() as cursor:
            cursor.execute(TAKE, [now + timedelta(seconds=Conf.RETRY), self.list_key, now, Conf.BULK])
            taken: list[Task] = sorted(cursor.fetchall())
        if not taken:
            sleep(seconds_until(until))
        return taken
