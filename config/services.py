"""The processes of a Procfile, kept running until a stop is asked for: what a service manager does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import IO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from config.running import Unbreakable

PAUSE = 0.5
"""Seconds before a process that died is started again."""
SETTLED = 10.0
"""One that ends by itself earlier, in seconds, when it is first started, will do so again: then all end."""
PATIENCE = 5.0
"""Seconds that a process has to end after SIGTERM."""
TIE = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
if os.getppid() == int(sys.argv[1]):
    os.execv("/bin/sh", ["sh", "-c", sys.argv[2]])
"""
"""Ties the program that takes this one's place to its parent: it is killed when that dies (PR_SET_PDEATHSIG)."""

Say = Callable[[str, str], None]
"""(name of the service, line of text)."""


class Speaker:
    """What all of them write, line by line, each under its name and in its colour."""

    def __init__(self, stream: IO[str], names: list[str]) -> None:
        self.printer = Printer(Unbreakable(stream), width=max(map(len, names)))
        self.colours = dict(zip(names, get_colours(), strict=False))
        self.speaking = Lock()

    def say(self, name: str, text: str) -> None:
        now = datetime.now()  # noqa: DTZ005  for whoever sits at this terminal
        with self.speaking:
            self.printer.write(Message("line", text, now, name, self.colours[name]))


class Service:
    """One line of the Procfile, in a process group of its own."""

    def __init__(self, name: str, command: str, say: Say) -> None:
        self.name, self.command, self.say = name, command, say
        self.process: subprocess.Popen[str] | None = None
        self.starting = Lock()
        self.code = 0
        self.gave_up = False
        self.deaths = 0

    def keep(self, stopped: Event, variables: Mapping[str, str], base: Path) -> None:
        """Run it, and again when it dies. Sets `stopped` when there is no use in trying again.

        Stays in the thread that started it: Linux ties a process to a thread.
        """
        born = monotonic()
        while (process := self.start(stopped, variables, base)) is not None:
            self.code = process.wait()
            signal_group(process, signal.SIGKILL)  # its children may still hold its port
            if stopped.is_set():
                return
            if self.code >= 0 and self.deaths == 0 and monotonic() - born < SETTLED:
                self.say(self.name, f"ended at once, with {self.code}")
                self.gave_up = True
                stopped.set()
                return
            self.deaths += 1
            self.say(self.name, f"ended unasked, with {self.code}, and is started again")
            stopped.wait(PAUSE)

    def start(self, stopped: Event, variables: Mapping[str, str], base: Path) -> subprocess.Popen[str] | None:
        with self.starting:
            if stopped.is_set():
                return None
            self.process = process = subprocess.Popen(  # noqa: S603  a line of our own Procfile
                tied(self.command),
                env=variables,
                cwd=base,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        self.say(self.name, f"started (pid={process.pid})")
        Thread(target=self.repeat, args=(process,), daemon=True).start()
        return process

    def repeat(self, process: subprocess.Popen[str]) -> None:
        """What it writes, until all that write there are gone."""
        if process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    self.say(self.name, line)

    def terminate(self) -> None:
        with self.starting:
            signal_group(self.process, signal.SIGTERM)

    def end(self, seconds: float) -> None:
        """After `terminate`: wait, then kill. The thread that keeps it sees to the rest."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(seconds, 0))
            signal_group(self.process, signal.SIGKILL)


def tied(command: str) -> list[str]:
    if sys.platform != "linux":
        return ["/bin/sh", "-c", command]
    return [sys.executable, "-I", "-S", "-c", TIE, str(os.getpid()), command]


def signal_group(process: subprocess.Popen[str] | None, number: int) -> None:
    if process is not None:
        with suppress(ProcessLookupError, PermissionError):  # it is gone
            os.killpg(process.pid, number)


def keep(services: list[Service], stopped: Event, variables: Mapping[str, str], base: Path) -> int:
    """Keep all of them running until `stopped`, or KeyboardInterrupt; then stop them.

    Returns zero after a stop that was asked for, else the exit code of the one that gave up.
    """
    threads = [Thread(target=one.keep, args=(stopped, variables, base), daemon=True) for one in services]
    was_asked = False
    try:
        for thread in threads:
            thread.start()
        stopped.wait()
    except KeyboardInterrupt:
        was_asked = True
    stop(services, stopped)
    return 0 if was_asked else next((one.code or 1 for one in services if one.gave_up), 1)


def stop(services: list[Service], stopped: Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it is being done
    stopped.set()
    for one in services:
        one.terminate()
    end = monotonic() + PATIENCE
    for one in services:
        one.end(end - monotonic())
