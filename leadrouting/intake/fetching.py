"""Asking a sender for what a delivery only names. Never inside a transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.conf import settings

from leadrouting.intake.heard import Asks
from leadrouting.intake.models import Connection

PATIENCE = 10
"""Seconds."""
MOST = 1_000_000
"""Bytes of an answer."""


class NotFetched(Exception):
    """It may work later; the message says what the sender answered, without the token."""


def fetch(connection: Connection, asked: Sequence[Asks]) -> dict[str, Any]:
    """Answers by key, from the address that META_API_URL names. Raises NotFetched."""
    return {one.key: answer(connection, one.path) for one in asked}


def answer(connection: Connection, path: str) -> Any:
    address = f"{settings.META_API_URL.rstrip('/')}/{quote(path, safe='/?=&,')}"
    request = Request(address, headers={"Authorization": f"Bearer {connection.access_token}"})  # noqa: S310  from settings
    try:
        with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            return json.loads(response.read(MOST))
    except HTTPError as error:
        raise NotFetched(f"{connection} answered {error.code} when we asked for {path}.") from None
    except (URLError, OSError, ValueError) as error:
        raise NotFetched(f"{connection} could not be asked for {path}: {error}") from None
