"""Rows by which people are reached: a dispatch names its row by its key, since the real address is long or secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from leadrouting.notifications.models import ChatAddress, Device, Dispatch
from leadrouting.teams.models import User

Row = TypeVar("Row", Device, ChatAddress)


def keys_of(model: type[Row], users: Sequence[User]) -> dict[int, list[str]]:
    """The keys of each person's rows, oldest first. One query."""
    found: dict[int, list[str]] = {}
    for user, key in model._default_manager.filter(user__in=users).order_by("id").values_list("user", "pk"):
        found.setdefault(user, []).append(str(key))
    return found


def rows_of(model: type[Row], batch: Sequence[Dispatch]) -> Mapping[str, Row]:
    """By key, those that are still there. One query."""
    keys = {int(one.address) for one in batch if one.address.isdigit()}
    return {str(row.pk): row for row in model._default_manager.filter(pk__in=keys)}
