"""One POST to the outside: to the very addresses that were checked, in a limited time, with a limited answer.

No redirect is followed and no proxy of the environment is used.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Event, Timer
from time import monotonic

from leadrouting.common.outside.guard import Guard, Target, guard

PATIENCE = 10.0
"""Seconds for everything."""
KEPT = 2048
"""Bytes of an answer."""


class NoAnswer(Exception):
    """Nothing usable came back: it may have arrived all the same. `seconds` it took. The text is meant for people."""

    def __init__(self, said: str, seconds: float = 0.0) -> None:
        super().__init__(said)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Its beginning."""
    seconds: float


class Pinned(HTTPConnection):
    """Connects to one of the target's addresses, whatever its name means by now; the certificate must be the name's."""

    def __init__(self, target: Target, end: float, trust: ssl.SSLContext | None) -> None:
        super().__init__(target.place.host, target.place.port)
        self.target, self.end, self.trust = target, end, trust

    def connect(self) -> None:
        plain = self.reached()
        if not self.target.place.is_secure:
            self.sock = plain
            return
        trust, name = self.trust or system_trust(), self.target.place.host
        secured = trust.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
        self.sock = secured  # from here on it can be hung up
        secured.do_handshake()

    def reached(self) -> socket.socket:
        """The first address that answers; each gets its share of the time."""
        addresses = self.target.addresses[:4]
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share = max((self.end - monotonic()) / left, 0.01)
            try:
                made = connected(address, self.target.place.port, share)
            except OSError:
                if left == 1:
                    raise
            else:
                made.settimeout(max(self.end - monotonic(), 0.01))
                return made
        raise OSError("no address")


def connected(address: str, port: int, patience: float) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.settimeout(patience)
        made.connect((address, port))
    except BaseException:
        made.close()
        raise
    return made


@cache
def system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    by: Guard | None = None,
    patience: float = PATIENCE,
    kept: int = KEPT,
    trust: ssl.SSLContext | None = None,
    ready: Callable[[], object] | None = None,
) -> Answer:
    """Whatever was answered, redirects and errors too. Raises Refused when it may not be called, and NoAnswer.

    `patience` in seconds, however slowly the other side drips; `kept` bytes of the answer are read. `trust`: which
    certificates are believed, by default those of the system. `ready` is called once connected, before the first byte of
    the request; what it raises is raised.
    """
    began = monotonic()
    try:
        target = (by or guard()).target(url)
        connection = Pinned(target, began + patience, trust)
        with ended_after(connection, began + patience - monotonic()) as is_over:
            if ready is not None:
                connection.connect()
                ready()
            connection.request(
                "POST", target.place.path, body, {"Host": target.place.name, "Connection": "close", **headers}
            )
            answer = connection.getresponse()
            if is_over.is_set():  # so its headers are not whole
                raise TimeoutError
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, beginning(answer, kept), monotonic() - began)
    except (OSError, HTTPException, ValueError) as error:
        spent = monotonic() - began
        raise NoAnswer(in_words(error, spent >= patience, patience), spent) from error


def beginning(answer: HTTPResponse, kept: int) -> bytes:
    """The status is what counts: a body that breaks off takes nothing of it back."""
    try:
        return answer.read(kept)
    except (OSError, HTTPException, ValueError):
        return b""


@contextmanager
def ended_after(connection: Pinned, seconds: float) -> Iterator[Event]:
    """A limit of each single read would let a slow sender hold us for hours."""

    is_over = Event()

    def hang_up() -> None:
        is_over.set()
        if connection.sock is not None:
            try:
                socket.socket.shutdown(
                    connection.sock, socket.SHUT_RDWR
                )  # not TLS's own, which others are using
            except OSError:
                return

    alarm = Timer(max(seconds, 0.01), hang_up)
    alarm.daemon = True
    alarm.start()
    try:
        yield is_over
    finally:
        alarm.cancel()
        connection.close()


def in_words(error: Exception, is_over: bool, patience: float) -> str:
    match error:
        case _ if is_over:
            return f"No answer within {patience:.0f} seconds."
        case TimeoutError():
            return f"No answer: {error}."
        case ConnectionRefusedError():
            return "Nobody listens there: the connection was refused."
        case socket.gaierror():
            return "There is no such name: it could not be looked up."
        case ssl.SSLCertVerificationError():
            return f"Its certificate is not to be trusted: {error.verify_message}."
        case ssl.SSLError():
            return f"No secure connection could be made: {error.reason or error}."
        case HTTPException() | ValueError():
            return f"What came back is no answer in HTTP ({type(error).__name__})."
        case _:
            return f"The connection failed: {error.strerror if isinstance(error, OSError) and error.strerror else error}."
