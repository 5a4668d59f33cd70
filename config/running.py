"""What `manage.py run` needs: an address, a secret, the environment of its processes, a database that stays."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
LOOK = 0.5
"""Seconds between two looks at something that is to come up, or to stay up."""


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on. Raises OSError when there is none."""
    for port in range(wanted, 65536):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return port
    raise OSError(f"No port from {wanted} on is free.")


def secret_key(file: Path) -> str:
    """Made once and kept, so that nobody is logged out by a restart."""
    with (
        suppress(FileExistsError),
        open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new,
    ):
        new.write(secrets.token_urlsafe(50))
    return file.read_text()


def environment(base: Path, database_url: str, port: int) -> dict[str, str]:
    """For the processes of the Procfile. What is set already stays."""
    binaries = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    defaults = {
        "DATABASE_URL": database_url,
        "DEMO": "1",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(base / "var" / "secret_key"),
        "SITE_URL": address(port),
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | os.environ | {"PATH": binaries, "HOST": HOST, "PORT": str(port)}


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def answers(url: str) -> bool:
    """Whether somebody speaks HTTP there, whatever they say."""
    try:
        urlopen(url, timeout=5).close()  # noqa: S310 our own address
    except HTTPError as answer:
        answer.close()
    except OSError:
        return False
    return True


def keep_database(server: Any, stopped: Event) -> None:
    """Start the embedded PostgreSQL again whenever it dies, until `stopped`."""
    while not stopped.wait(LOOK):
        try:
            if not is_alive(server):
                logger.error("PostgreSQL died and is started again")
                with server._lock:
                    server.ensure_postgres_running()
        except Exception:
            logger.exception("PostgreSQL does not start; another try follows")


def is_alive(server: Any) -> bool:
    """Also makes room for a new one where the first process of a container buries nobody: PostgreSQL believes a
    zombie alive, and refuses to start while that holds the lock files."""
    info = server.get_postmaster_info()
    if info.process is not None and info.process.is_running() and not is_zombie(info.pid):
        return True
    if not works_in(server.pgdata):
        for lock in (server.pgdata / "postmaster.pid", Path(f"{info.socket_path}.lock")):
            forget(lock)
    return False


def works_in(data: Path) -> bool:
    """Whether anything of the dead server still lives. It may write; then its lock has to stay."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and not is_zombie(process.pid) and process.cwd() == str(data):
                return True
    return False


def forget(lock: Path) -> None:
    """Remove a lock file whose holder is a zombie. One whose holder is gone is PostgreSQL's to judge."""
    with suppress(FileNotFoundError, IndexError, ValueError):
        if is_zombie(int(lock.read_text().split()[0])):
            lock.unlink()


def is_zombie(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Unbreakable:
    """A terminal may be closed while we still stop things: then what we say is lost, and nothing else."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self.stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self.stream.flush()

    def isatty(self) -> bool:
        return self.stream.isatty()
