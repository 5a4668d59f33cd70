"""The link by which a prospect leaves. Whom it is for is sealed in it: it says nothing to anybody else, cannot be made up,
never expires, and holds when the lead is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.crypto import salted_hmac

from leadrouting.common import base64url
from leadrouting.notifications.links import to_page

SALT = "leadrouting.notifications.leaving"
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Holder:
    """Who got the link. The lead may be gone by now."""

    address: str
    lead_id: int
    language: str


def ciphers() -> Iterator[AESSIV]:
    """Of the present key, and of former ones."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield AESSIV(salted_hmac(SALT, "", secret=secret, algorithm="sha512").digest())


def sealed(holder: Holder) -> str:
    """The same for the same holder (RFC 5297): 16 bytes longer than what it holds, in letters that go into a link."""
    said = f"{holder.language or 'en'} {holder.lead_id} {holder.address}".encode()
    return base64url.written(next(ciphers()).encrypt(said, None))


def opened(token: str) -> Holder | None:
    """None for one that we did not make. The seal is compared in constant time."""
    raw = base64url.read(token) if len(token) <= LONGEST else b""
    if not raw or base64url.written(raw) != token:
        return None
    for cipher in ciphers():
        try:
            language, lead, address = cipher.decrypt(raw, None).decode().split(" ", 2)
        except InvalidTag:
            continue
        return Holder(address, int(lead), language)
    return None


def link(holder: Holder) -> str:
    return to_page("intake:unsubscribe", sealed(holder))


def masked(address: str) -> str:
    """Enough for whoever it belongs to: `j…@example.com`, `+49…20`."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if at else f"{address[:3]}…{address[-2:]}"
