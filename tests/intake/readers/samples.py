"""Deliveries of the shape that the systems send, of people who do not exist; and what can happen to a delivery."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.utils import timezone

from leadrouting.intake import deliveries
from leadrouting.intake.models import Connection, Delivery

SECRET = "a-secret-of-ours"


def mac(signed: bytes, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def hexed(signed: bytes) -> str:
    return mac(signed).hex()


def based(signed: bytes) -> str:
    return base64.b64encode(mac(signed)).decode()


def connected(kind: str, **more: Any) -> Connection:
    return Connection.objects.create(kind=kind, name=kind, key=f"our-{kind}", secret=SECRET, **more)


def post(kind: str, body: bytes, headers: dict[str, str]) -> int:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/intake/{kind}/", body, content_type="application/json", headers=headers)
    return int(answer.status_code)


def work_off() -> Delivery:
    delivery = Delivery.objects.latest("pk")
    deliveries.work_off(delivery.pk, timezone.now())
    delivery.refresh_from_db()
    return delivery


def changed(body: bytes) -> Iterator[bytes]:
    """The body with one byte changed, at a few places."""
    for place in (0, len(body) // 2, len(body) - 1):
        yield body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def without(told: Any) -> Iterator[Any]:
    """The document without each of its parts, and with each of them being something else."""
    for path in paths(told):
        for value in (None, [], {}, "x", 7, True):
            one = copy.deepcopy(told)
            holder = one
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
            yield one
        one = copy.deepcopy(told)
        holder = one
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        yield one


def paths(told: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps: Any = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for step, value in steps:
        yield (*before, step)
        yield from paths(value, (*before, step))


def as_bytes(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
