"""What several parts of one page need, read once per request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

Value = TypeVar("Value")


def once(request: HttpRequest, key: str, read: Callable[[], Value]) -> Value:
    known = request.__dict__.setdefault("read_once", {})
    if key not in known:
        known[key] = read()
    return known[key]
