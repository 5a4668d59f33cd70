"""Ways to sign a delivery. All compare in a time that does not tell how much was right. Pure."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from leadrouting.intake.heard import Raw
from leadrouting.intake.readers.reading import is_one_of

FRESH = timedelta(minutes=5)
"""How old or how far ahead a signed time may be: older deliveries are copies of somebody else's."""


def digest(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, sha256).digest()


def in_hex(secret: str, signed: bytes) -> str:
    return digest(secret, signed).hex()


def in_base64(secret: str, signed: bytes) -> str:
    return b64encode(digest(secret, signed)).decode()


def is_signed_hex(raw: Raw, secrets: Sequence[str], header: str, prefix: str = "") -> bool:
    """`header` holds the HMAC-SHA256 of the body, in hexadecimal digits."""
    return is_one_of(raw.headers.get(header, ""), [f"{prefix}{in_hex(one, raw.body)}" for one in secrets])


def is_fresh(raw: Raw, seconds: float) -> bool:
    """Whether a signed time (seconds since 1970, UTC) is about when the delivery came."""
    try:
        signed = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return False
    return raw.at is not None and abs(raw.at - signed) <= FRESH
