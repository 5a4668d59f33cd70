"""Who hangs? Every process of a cluster says by when it will be heard of again; its keeper listens.

What it says is one number in shared memory, written without any lock: nothing that a killed, stopped or
waiting process could hold keeps another one from speaking, or the keeper from hearing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from mmap import mmap
from time import monotonic

from django.conf import settings

SILENCE: float = settings.WORKER_SILENCE
"""Seconds that a process may go unheard, beyond what it said it needs, before its whole family is killed."""
SENTINEL, MONITOR, PUSHER = range(3)
NAMES = ("sentinel", "monitor", "pusher")
"""Places in the memory; the workers have those behind."""


class Hearts:
    """The shared memory of one family: for each process, the monotonic instant until which it may be silent.

    The monotonic clock is one for all processes of a machine, and stands still while that sleeps.
    """

    def __init__(self, workers: int) -> None:
        places = len(NAMES) + 2 * workers  # twice: a worker's successor starts while it still lives
        self.until = memoryview(mmap(-1, places * 8)).cast("d")
        for place in range(places):
            self.until[place] = inf

    def heart(self, place: int) -> Heart:
        return Heart(self, place)

    def worker(self) -> Heart:
        """A place that nobody has, or has any more."""
        return Heart(self, next(n for n in range(len(NAMES), len(self.until)) if self.until[n] == inf))

    def silent(self) -> list[str]:
        """Who should have been heard of by now."""
        now = monotonic()
        return [
            NAMES[place] if place < len(NAMES) else "worker"
            for place, until in enumerate(self.until)
            if until < now
        ]

    def work(self) -> float:
        """Seconds until the last worker at work should have been heard of; 0 when none is at work."""
        ends = [until for until in self.until[len(NAMES) :] if until < inf]
        return max([0.0, *(until - monotonic() for until in ends)])


@dataclass(frozen=True, slots=True)
class Heart:
    """One process's place in the memory."""

    hearts: Hearts
    place: int

    def beat(self, busy: float = 0) -> None:
        """Promise to be heard of again, after so many seconds of work at most."""
        self.hearts.until[self.place] = monotonic() + busy + SILENCE

    def rest(self) -> None:
        """Promise nothing: this process ends."""
        self.hearts.until[self.place] = inf


mine: Heart | None = None
"""The heart of this process; none outside a cluster."""


def have(heart: Heart) -> None:
    global mine
    mine = heart
    heart.beat()


def beat(busy: float = 0) -> None:
    if mine is not None:
        mine.beat(busy)


def work_of_others() -> float:
    return mine.hearts.work() if mine is not None else 0
