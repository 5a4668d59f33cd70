"""Asking a sender for what a delivery only names. Never inside a transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.conf import settings

from leadrouting.intake.heard import Asks
from leadrouting.intake.models import Connection

PATIENCE = 10
"""Seconds."""
MOST = 1_000_000
"""Bytes of an answer."""
EXPIRED = 190
"""Meta's code for a token that is no longer good."""


class NotFetched(Exception):
    """It may work later; the message says what the sender answered, without the token."""


def fetch(connection: Connection, asked: Sequence[Asks]) -> dict[str, Any]:
    """Answers by key, from the address that META_API_URL names. Raises NotFetched."""
    return {one.key: answer(connection, one.path) for one in asked}


def answer(connection: Connection, path: str) -> Any:
    address = f"{settings.META_API_URL.rstrip('/')}/{quote(path, safe='/?=&,')}"
    request = Request(address, headers={"Authorization": f"Bearer {connection.access_token}"})  # noqa: S310  from settings
    asked = path.partition("?")[0]
    try:
        with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            told = json.loads(response.read(MOST))
    except HTTPError as error:
        raise NotFetched(refused(connection, asked, error)) from None
    except (OSError, ValueError, HTTPException) as error:
        why = getattr(error, "reason", "") or type(error).__name__
        raise NotFetched(f"“{connection}” could not be asked for {asked}: {why}.") from None
    if not isinstance(told, dict) or "field_data" not in told:
        raise NotFetched(f"“{connection}” was asked for {asked}, and the answer has no “field_data”.")
    return told


def refused(connection: Connection, asked: str, error: HTTPError) -> str:
    """What Meta says is not repeated: it may hold the token."""
    try:
        told = json.loads(error.read(MOST))
        code = told["error"]["code"]
    except (OSError, ValueError, LookupError, TypeError, HTTPException):
        code = None
    if code == EXPIRED:
        return (
            f"The access token of “{connection}” has run out or was withdrawn. Enter a new one at the connection, "
            "then run this delivery again."
        )
    known = f" (error {code})" if isinstance(code, int) else ""
    return f"“{connection}” answered {error.code}{known} when it was asked for {asked}."
