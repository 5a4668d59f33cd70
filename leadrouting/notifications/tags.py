"""Addresses that say which lead an answer belongs to: `sales+lead-12-5f3c…@example.com`."""

from __future__ import annotations

import re

from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "leadrouting.notifications.tags"
TAG = re.compile(r"(?:\+|^)lead-(\d{1,18})-([0-9a-f]{20})(?:@|$)")


def signature(lead_id: int, salt: str = SALT) -> str:
    return salted_hmac(salt, str(lead_id), algorithm="sha256").hexdigest()[:20]


def tag(lead_id: int) -> str:
    return f"lead-{lead_id}-{signature(lead_id)}"


def tagged(address: str, lead_id: int) -> str:
    """The address with the lead's tag; answers to it reach the lead, whoever writes them."""
    name, _, domain = address.rpartition("@")
    return f"{name}+{tag(lead_id)}@{domain}"


def lead_of(address: str) -> int | None:
    """Of an address with a tag, or of a tag alone. None for one without, and for one that we did not make."""
    found = TAG.search(address.lower())
    if found is None or not constant_time_compare(found[2], signature(int(found[1]))):
        return None
    return int(found[1])
