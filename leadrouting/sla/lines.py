"""Queues between the processes of a cluster, in which nobody can wait unheard for ever."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import BoundedSemaphore, Lock, Pipe
from typing import Any

from django_q.conf import Conf

from leadrouting.sla import heartbeat

TICK = 0.5
"""Seconds between two heartbeats of a process that waits."""
SPARE = 3
"""Seconds that django-q2 gives a worker beyond its task's timeout."""
FOR_EVER = 1e9


def at_once(task: Any) -> float:
    return 0


def to_its_timeout(task: Any) -> float:
    """How long a worker may take over a task, in seconds."""
    timeout = task.get("timeout", Conf.TIMEOUT) if isinstance(task, dict) else 0
    return FOR_EVER if timeout is None or timeout < 0 else timeout + SPARE


class Line:
    """A pipe with a lock at each end, in place of multiprocessing's queue, whose writing thread and whose
    readers wait for their locks without a word: one lock that is left locked, and all stand still and look
    alive. Here nobody holds a lock while waiting for a task or for room, and nobody beats while waiting for a
    lock. So a lock that does not come free is heard as silence.

    `length` is how many tasks may wait; 0 is no limit but the pipe's. `patience` says how many seconds who
    takes a task may need for it.
    """

    def __init__(self, length: int = 0, patience: Callable[[Any], float] = at_once) -> None:
        self.reader, self.writer = Pipe(duplex=False)
        self.reading, self.writing = Lock(), Lock()
        self.room = BoundedSemaphore(length) if length else None
        self.patience = patience

    def put(self, task: Any) -> None:
        """Waits for room as long as the workers need for what they have in hand, and no longer: there is room
        by then, or something is broken, and silence tells."""
        if self.room is not None and not self.room.acquire(block=False):
            heartbeat.beat(heartbeat.work_of_others())
            self.room.acquire()
        heartbeat.beat()
        with self.writing:
            self.writer.send(task)

    def get(self) -> Any:
        while (taken := self.take()) is None:
            heartbeat.beat()
        task = taken[0]
        heartbeat.beat(self.patience(task))
        if self.room is not None:
            self.room.release()
        return task

    def take(self) -> tuple[Any] | None:
        """A task in a tuple, or None when there is none within a tick, or another one was faster."""
        if not self.reader.poll(TICK):
            return None
        with self.reading:
            return (self.reader.recv(),) if self.reader.poll(0) else None

    def empty(self) -> bool:
        return not self.reader.poll(0)

    def qsize(self) -> int:
        """For django-q2's own display: some, or none. To count takes a lock."""
        return 0 if self.empty() else 1

    def close(self) -> None:
        """django-q2 calls it when it has put the last task; the pipe ends with its processes."""

    def join_thread(self) -> None:
        """There is none."""
