"""What a channel is, and which there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from leadrouting.notifications.models import Dispatch
from leadrouting.sla.pulse import Due
from leadrouting.sla.pulse import register as ring_for
from leadrouting.teams.models import User

Begin = Callable[[], datetime]
"""Called by a channel when the next byte may make the other side act. Returns the instant, once that is written down."""


class Undeliverable(Exception):
    """The other side has said that it never will: trying again is no use. The text is meant for people. `is_gone`:
    nothing will ever arrive at this address."""

    def __init__(self, said: str, *, is_gone: bool = False) -> None:
        super().__init__(said)
        self.is_gone = is_gone


class Later(Exception):
    """The other side has answered, and does not take it now. `after`: when it said to come again."""

    def __init__(self, said: str, after: timedelta | None = None) -> None:
        super().__init__(said)
        self.after = after


class Unsure(Exception):
    """It was handed over, and no answer came: it may have arrived."""


class Channel(ABC):
    """One way out. `has_one_peer`: all goes through the same server; when that is down, the rest need not try.
    `for_people`: it reaches us, not only prospects, and people choose what they hear by it."""

    name: str
    label: str
    has_one_peer = False
    for_people = False

    def addresses(self, users: Sequence[User]) -> Mapping[int, Sequence[str]]:
        """Where it reaches these people, by their key. A constant number of queries. By default: nobody of us."""
        return {}

    def forget(self, address: str) -> None:  # noqa: B027  most channels have nothing to forget
        """The address is gone for good. By default nothing is known of it that could be thrown away."""

    @abstractmethod
    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, Any]:
        """What `send` needs for each dispatch, by its key. May ask the database, set by set."""

    @abstractmethod
    def send(self, dispatch: Dispatch, parcel: Any, begin: Begin) -> str:
        """Hand it over; called in a thread, without the database. Returns what the other side calls it, or nothing.

        Calls `begin` once, after connecting. Raises Undeliverable, Later or Unsure; any other error is tried again.
        """


DUE = """
    SELECT greatest(first.send_at, (SELECT free_at FROM notifications_lane WHERE name = '{name}')) FROM (
        SELECT send_at FROM notifications_dispatch WHERE state = 'waiting' AND channel = '{name}' ORDER BY send_at LIMIT 1
    ) first
"""

_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Called from `AppConfig.ready()`. Each channel has a bell of its own, so that none waits for another."""
    _channels[channel.name] = channel
    ring_for(
        Due(
            name=f"outbox {channel.name}",
            task=f"leadrouting.notifications.tasks.send_{channel.name}",
            queue="outbox",
            statement=DUE.format(name=channel.name),
        )
    )


def channels() -> Mapping[str, Channel]:
    return _channels
