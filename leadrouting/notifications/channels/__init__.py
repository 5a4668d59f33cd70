"""The ways by which messages leave. Each is a `Channel`; `send` talks to the outside and never to the database."""

from leadrouting.notifications.channels.base import (
    Begin,
    Channel,
    Later,
    Undeliverable,
    Unsure,
    channels,
    register,
)

__all__ = ["Begin", "Channel", "Later", "Undeliverable", "Unsure", "channels", "register"]
