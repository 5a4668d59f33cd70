"""Kills with SIGKILL. Victims are drawn at random, each kind as often as any other."""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil

from tests.chaos.arena import WORKERS, Arena

KINDS = [
    "keeper", "sentinel", "pusher", "monitor", "idle worker", "busy worker", "web", "web worker", "postmaster",
]  # fmt: skip
GLANCE = 0.01
"""Seconds in which a process that is at work uses some of the processor."""


class Killer:
    def __init__(self, arena: Arena, seed: int) -> None:
        self.arena, self.dice = arena, random.Random(seed)
        self.deck: list[str] = []
        self.kills: Counter[str] = Counter()

    def kill(self) -> str:
        """One more; returns what it was. Who is just not there (it is being started again) is waited for."""
        if not self.deck:
            self.deck = self.dice.sample(KINDS, len(KINDS))
        kind = self.deck.pop()
        end = time.monotonic() + 20
        while time.monotonic() < end:
            cluster = self.dice.choice(sorted(WORKERS))
            with suppress(psutil.Error, OSError, LookupError):
                self.victim(kind, cluster).kill()
                name = f"{kind} of {cluster}" if kind not in ("web", "web worker", "postmaster") else kind
                self.kills[name] += 1
                return name
            time.sleep(0.05)
        raise AssertionError(f"There is no {kind}: it never came back.")

    def victim(self, kind: str, cluster: str) -> psutil.Process:
        if kind == "postmaster":
            return psutil.Process(int((self.arena.server.pgdata / "postmaster.pid").read_text().split()[0]))
        if kind.startswith("web"):
            master = self.parent("web")
            return master if kind == "web" else self.dice.choice(master.children())
        keeper = self.parent(cluster)
        if kind == "keeper":
            return keeper
        sentinel = keeper.children()[0]
        if kind == "sentinel":
            return sentinel
        family = sorted(sentinel.children(), key=lambda one: one.create_time())
        if len(family) != WORKERS[cluster] + 2:
            raise LookupError("They are being started.")
        if kind in ("monitor", "pusher"):
            return family[-2 if kind == "monitor" else -1]
        return self.worker(family[:-2], is_busy=kind == "busy worker")

    def worker(self, workers: list[psutil.Process], is_busy: bool) -> psutil.Process:
        before = [work(one) for one in workers]
        time.sleep(GLANCE)
        fitting = [
            one for one, was in zip(workers, before, strict=True) if (work(one) > was + 1e6) == is_busy
        ]
        return self.dice.choice(fitting)

    def parent(self, service: str) -> psutil.Process:
        process = self.arena.service(service).process
        if process is None or process.poll() is not None:
            raise LookupError("It is being started.")
        return psutil.Process(process.pid)


def work(process: psutil.Process) -> float:
    """Nanoseconds that it has spent on a processor."""
    return float(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0])
