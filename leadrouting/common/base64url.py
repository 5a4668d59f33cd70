"""Bytes in letters that go into addresses (RFC 4648, section 5), without padding."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode


def written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def read(text: str) -> bytes:
    """Letters that do not belong there are passed over. Nothing for what cannot be read."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
