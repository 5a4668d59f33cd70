"""Sending what waits: each subscription by itself, so that one that is slow or dead delays no other.

1. A worker takes the subscriptions that have something due, each for `LEASE`.
2. It sends the first waiting event of several leads at once, `EACH` for a subscription, outside of any transaction, and
   writes down what became of each as it comes back. Then the lead's next event gets its turn.
3. It goes on, taking other subscriptions meanwhile, while there is something due, `RUN` at most.
4. It lets go of a subscription, or leaves it alone for a while when the other side is not there.

A worker that dies meanwhile leaves the leases, which run out; what it had sent and not written down is sent again with
the same `webhook-id`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from leadrouting.common.outside import Guard
from leadrouting.notifications.hooks.attempting import Outcome, attempt
from leadrouting.notifications.hooks.recording import Done, record
from leadrouting.notifications.models import Hook, Subscription

LEASE = timedelta(seconds=90)
"""Longer than RUN and the patience of one attempt together."""
RUN = 20.0
"""Seconds."""
EACH = 8
LANES = 16
LOOK = 0.2
"""Seconds between two looks for other subscriptions that have something due."""

DUE = """
    SELECT min(greatest(one.free_at, first.send_at))
    FROM notifications_subscription one CROSS JOIN LATERAL (
        SELECT send_at FROM notifications_hook
        WHERE subscription_id = one.id AND state = 'waiting' AND send_at IS NOT NULL ORDER BY send_at LIMIT 1
    ) first
    WHERE one.is_active
"""


@dataclass(slots=True)
class Lane:
    """A subscription that this worker sends to. `rest`: leave it alone for so long."""

    subscription: Subscription
    lease: datetime
    running: set[int] = field(default_factory=set)
    rest: timedelta | None = None

    @property
    def room(self) -> int:
        """While it fails one at a time is enough to find out."""
        if self.rest is not None:
            return 0
        return (1 if self.subscription.failures else EACH) - len(self.running)


def send_due(now: datetime, by: Guard | None = None) -> int:
    """Send what is due. Returns how many attempts were made."""
    began = monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=monotonic() - began)

    with ThreadPoolExecutor(EACH * LANES) as threads:

        def start(hook: Hook, subscription: Subscription) -> Future[Outcome]:
            return threads.submit(attempt, hook, subscription, clock(), by)

        return Round(start, clock).run()


class Round:
    """One worker's run over all subscriptions that have something due."""

    def __init__(
        self, start: Callable[[Hook, Subscription], Future[Outcome]], clock: Callable[[], datetime]
    ) -> None:
        self.start, self.clock = start, clock
        self.look_at = clock()
        self.end = self.look_at + timedelta(seconds=RUN)
        self.lanes: dict[int, Lane] = {}
        self.work: dict[Future[Outcome], Hook] = {}
        self.made = 0

    def run(self) -> int:
        while self.lanes_taken() or self.work:
            for lane in list(self.lanes.values()):
                self.fill(lane)
            done, _ = wait(self.work, timeout=LOOK, return_when=FIRST_COMPLETED)
            self.finish(done)
        return self.made

    def lanes_taken(self) -> bool:
        now = self.clock()
        if now < self.end and len(self.lanes) < LANES and (now >= self.look_at or not self.lanes):
            self.look_at = now + timedelta(seconds=LOOK)
            for one in taken(now, LANES - len(self.lanes)):
                self.lanes[one.pk] = Lane(one, now + LEASE)
        return bool(self.lanes)

    def fill(self, lane: Lane) -> None:
        """More work for this lane; without any it is let go."""
        now = self.clock()
        if now < self.end and lane.room > 0:
            due = due_of(lane.subscription.pk, now).exclude(pk__in=lane.running)
            for hook in due.order_by("send_at", "id")[: lane.room]:
                lane.running.add(hook.pk)
                self.work[self.start(hook, lane.subscription)] = hook
        if not lane.running:
            self.let_go(lane)

    def finish(self, done: Iterable[Future[Outcome]]) -> None:
        """Those of one subscription in one transaction."""
        ended: dict[int, list[Done]] = {}
        for future in done:
            hook = self.work.pop(future)
            ended.setdefault(hook.subscription_id, []).append((hook, future.result()))
        for key, attempts in ended.items():
            lane = self.lanes[key]
            lane.running -= {hook.pk for hook, _ in attempts}
            rest = record(attempts, is_news=lane.rest is None)
            if rest is not None and lane.rest is None:
                lane.rest = rest
            for _, outcome in attempts:
                lane.subscription.failures = 0 if outcome.is_delivered else lane.subscription.failures + 1
            self.made += len(attempts)

    def let_go(self, lane: Lane) -> None:
        free_at = None if lane.rest is None else self.clock() + lane.rest
        Subscription.objects.filter(pk=lane.subscription.pk, free_at=lane.lease).update(free_at=free_at)
        del self.lanes[lane.subscription.pk]


def due_of(subscription: Any, now: datetime) -> QuerySet[Hook]:
    return Hook.objects.filter(subscription=subscription, state=Hook.State.WAITING, send_at__lte=now)


@transaction.atomic
def taken(now: datetime, number: int) -> list[Subscription]:
    """Those with something due that nobody else sends to, the longest free first; ours for LEASE."""
    free = Subscription.objects.filter(Q(free_at=None) | Q(free_at__lte=now), is_active=True)
    due = free.filter(Exists(due_of(OuterRef("pk"), now))).order_by(
        Coalesce(F("free_at"), F("created_at")), "id"
    )
    found = list(due.select_for_update(skip_locked=True, no_key=True)[:number])
    Subscription.objects.filter(pk__in=[one.pk for one in found]).update(free_at=now + LEASE)
    return found
