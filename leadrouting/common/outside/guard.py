"""Decides whether an address may be called, and where exactly the connection goes.

A name is looked up once; every address that it has must be outside; and the caller connects to one of just these
addresses. So a name server that answers differently the next time changes nothing, and neither does a proxy.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

import idna
from django.conf import settings

from leadrouting.common.outside.reach import Address, Refused, is_outside, literal

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host. Raises OSError."""
PATIENCE = 5.0
"""Seconds for a look-up."""
NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
INNER = re.compile(r"[^.:]*|.*\.(localhost|local|internal|home\.arpa)")
"""Names that no name server of the open internet knows."""
PLAIN = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """An address as it was written, taken apart."""

    is_secure: bool
    host: str
    port: int
    path: str
    is_trusted: bool

    @property
    def name(self) -> str:
        """For the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PLAIN["https" if self.is_secure else "http"] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: these addresses and no others."""

    place: Place
    addresses: tuple[str, ...]


def look_up(host: str, port: int) -> Sequence[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Guard:
    """`trusted`: hosts (`name` or `name:port`) that may be anywhere, at any port and without TLS."""

    trusted: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset({443})
    resolve: Resolve = look_up

    def read(self, url: str) -> Place:
        """What can be known without looking the name up. Raises Refused."""
        if not url.isprintable() or any(letter in url for letter in " \\"):
            raise Refused("The address has spaces or signs in it that do not belong into one.")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise Refused(f"“{url}” is no address: write it like https://example.com/hook.") from None
        if parts.scheme not in PLAIN or not host:
            raise Refused(f"“{url}” is no address: write it like https://example.com/hook.")
        if "[" in parts.netloc and ":" not in host:
            raise no_name(host)
        if "@" in parts.netloc:
            raise Refused("Leave the user name and password out of the address.")
        host, port = ascii_of(host), port if port is not None else PLAIN[parts.scheme]
        is_trusted = not self.trusted.isdisjoint((host, f"{host}:{port}"))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        place = Place(parts.scheme == "https", host, port, ascii_path(path), is_trusted)
        if not is_trusted:
            self.check(place)
        return place

    def check(self, place: Place) -> None:
        if not place.is_secure:
            raise Refused("The address must begin with https://.")
        if place.port not in self.ports:
            allowed = ", ".join(map(str, sorted(self.ports)))
            raise Refused(f"Port {place.port} is not allowed, only {allowed} (the setting OUTSIDE_PORTS).")
        if (address := literal(place.host)) is not None:
            refuse_inside(place.host, address)
        elif INNER.fullmatch(place.host):
            raise Refused(
                f"“{place.host}” is a name inside, not on the open internet. Name it in the setting OUTSIDE_HOSTS "
                "if it is meant."
            )

    def target(self, url: str) -> Target:
        """Looks the name up, once. Raises Refused, or OSError when there is no such name."""
        place = self.read(url)
        found = tuple(dict.fromkeys(within(PATIENCE, self.resolve, place)))
        if not found:
            raise OSError(f"“{place.host}” has no address")
        if not place.is_trusted:
            for one in found:
                refuse_inside(place.host, without_scope(one))
        return Target(place, found)


def guard() -> Guard:
    """As the settings say."""
    return Guard(frozenset(settings.OUTSIDE_HOSTS), frozenset(settings.OUTSIDE_PORTS))


def refuse_inside(host: str, address: Address) -> None:
    if not is_outside(address):
        raise Refused(
            f"“{host}” is at {address}, which is not on the open internet. Name it in the setting OUTSIDE_HOSTS "
            "if it is meant."
        )


def without_scope(address: str) -> Address:
    found = ip_address(address)
    return IPv6Address(int(found)) if isinstance(found, IPv6Address) else found


def ascii_of(host: str) -> str:
    """Lower case, without a last dot, as name servers know it. Raises Refused."""
    host = host.rstrip(".").lower()
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode().lower()
    except idna.IDNAError:
        raise no_name(host) from None
    if ":" not in host and not NAME.fullmatch(host):
        raise no_name(host)
    return host


def no_name(host: str) -> Refused:
    return Refused(f"“{host}” is no name that a computer can have.")


def ascii_path(path: str) -> str:
    """With every letter that is not plain in per cent signs, which is how browsers do it."""
    return "".join(one if one.isascii() else "".join(f"%{byte:02X}" for byte in one.encode()) for one in path)


def within(seconds: float, resolve: Resolve, place: Place) -> Sequence[str]:
    """Name servers may be silent for minutes, and nothing can wake who waits for them: it is left behind."""
    answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(place.host, place.port))
        except Exception as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no name server knew “{place.host}” within {seconds:.0f} seconds") from None
    if isinstance(answer, UnicodeError):
        raise no_name(place.host) from None
    if isinstance(answer, Exception):
        raise answer
    return answer
