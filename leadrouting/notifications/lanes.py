"""A channel is sent by one worker at a time, so that one whose peer is dead keeps no more than one worker busy."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from leadrouting.notifications.models import Lane

LEASE = timedelta(seconds=15)
"""After a worker died, another one goes on so much later."""
TAKE = """
    INSERT INTO notifications_lane (name, free_at) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET free_at = excluded.free_at
    WHERE notifications_lane.free_at IS NULL OR notifications_lane.free_at <= %s
"""


class Held:
    """The lane of a channel in this worker's hands, as long as it keeps it."""

    def __init__(self, name: str, lease: datetime) -> None:
        self.name, self.lease = name, lease

    def keep(self, now: datetime) -> bool:
        """Longer, when the lease is half over. False: somebody else has it."""
        if now < self.lease - LEASE / 2:
            return True
        mine, self.lease = self.mine(), now + LEASE
        return bool(mine.update(free_at=self.lease))

    def let_go(self, rests_until: datetime | None = None) -> None:
        self.mine().update(free_at=rests_until)

    def mine(self) -> QuerySet[Lane]:
        return Lane.objects.filter(name=self.name, free_at=self.lease)


def take(name: str, now: datetime) -> Held | None:
    """The lane, or None while somebody else has it or it rests."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [name, now + LEASE, now])
        return Held(name, now + LEASE) if cursor.rowcount else None
