"""Processes that outlive nobody: a child dies with its parent, even when the parent is killed."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from multiprocessing import Pipe
from multiprocessing.context import ForkProcess
from multiprocessing.sharedctypes import Synchronized
from threading import Thread
from time import sleep
from types import FrameType

from leadrouting.sla import heartbeat
from leadrouting.sla.heartbeat import Heart

PR_SET_PDEATHSIG = 1
LOOK = 0.5
"""Seconds between two looks for the parent, where the kernel does not tell."""


class Child(ForkProcess):
    """A forked process that is killed when its parent ends.

    Only the parent stops it, by other means than SIGTERM, SIGINT and SIGHUP: those may reach every process
    of a terminal or a service at once.
    """

    is_dismissed = False
    timer: Synchronized[float]
    """Of a worker, for its sentinel: the seconds that its task may still take."""
    heart: Heart

    def start(self) -> None:
        self.heart.beat()
        super().start()

    def run(self) -> None:
        turn_deaf()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        die_with(self._parent_pid)  # type: ignore[attr-defined]  # every process has it; typeshed has not
        heartbeat.have(self.heart)
        try:
            super().run()
        finally:
            self.heart.rest()

    def terminate(self) -> None:
        self.is_dismissed = True
        self.heart.rest()
        self.kill()

    @property
    def was_killed(self) -> bool:
        """Whether somebody else than its parent killed it. It may have held a lock then, for ever."""
        return not self.is_dismissed and (self.exitcode or 0) < 0


def turn_deaf() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, shrug)


def shrug(number: int, frame: FrameType | None) -> None:
    """Not SIG_IGN: programs started from here would inherit that."""


def die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    else:
        Thread(target=watch, args=(parent,), daemon=True).start()


def watch(parent: int) -> None:
    while os.getppid() == parent:
        sleep(LOOK)
    os._exit(1)


class Lifeline:
    """A stop event that no killed process can leave locked: a pipe, set by closing its far end.

    It has the methods that django-q2 calls. When the parent dies, it is set as well.
    """

    def __init__(self) -> None:
        self.near, self.far = Pipe(duplex=False)

    def set(self) -> None:
        self.far.close()

    def is_set(self) -> bool:
        return self.near.poll(0)

    def wait(self, timeout: float) -> bool:
        """Seconds. The sentinel waits here between two rounds."""
        heartbeat.beat()
        return self.near.poll(timeout)

    def close(self) -> None:
        self.near.close()
        self.far.close()
