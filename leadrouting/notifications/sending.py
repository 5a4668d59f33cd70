"""Sending what waits: at least once to us, at most once to a prospect.

A dispatch is claimed for `LEASE`, handed over outside of any transaction, and its end written down. A worker that dies
meanwhile leaves a claim that runs out. Whatever was on its way to a prospect by then is not sent again by itself: it is
shown as one that may have been sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Flag
from typing import Any

from django.db import connections, transaction
from django.db.models import F, QuerySet

from leadrouting.notifications import lanes
from leadrouting.notifications.channels import Begin, Channel, Later, Undeliverable, Unsure, channels
from leadrouting.notifications.falling import next_way
from leadrouting.notifications.models import Dispatch
from leadrouting.notifications.signals import failed, sent
from leadrouting.notifications.unwanted import opted_out

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
"""Of a dispatch; longer than a worker can take: the task's timeout is below it."""
RUN = timedelta(seconds=20)
LOOK = 0.2
"""Seconds between two looks for more, while some are on their way."""
BATCH = 40
THREADS = 8
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
UNWANTED = "They do not want to be written to."
MOST = 30
"""Attempts, which are about a day."""
State = Dispatch.State


class Withdrawn(Exception):
    """Somebody took it back while it was about to leave."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an attempt. `is_down`: nobody was there to hand it to. Not `tried`: it was not even attempted.
    `is_gone`: nothing will ever arrive at this address."""

    state: str = State.WAITING
    said: str = ""
    external_id: str = ""
    after: timedelta | None = None
    is_down: bool = False
    tried: bool = True
    is_gone: bool = False


def send_due(name: str, now: datetime, clock: Callable[[], datetime] | None = None) -> int:
    """Send what is due by this channel, oldest first. Returns how many were due.

    1. Take the channel's lane. If somebody else has it, there is nothing to do.
    2. Claim some, hand them over in threads, and write down what became of each as it comes back.
    3. Go on claiming while there is something due, RUN at most.
    4. Let go of the lane: at once, or when nobody was there to hand anything to, after FIRST_PAUSE.

    By the `clock` what happens later than `now` happens later; without one it stands still.
    """
    clock = clock or (lambda: now)
    lane = lanes.take(name, now)
    if lane is None:
        return 0
    with ThreadPoolExecutor(THREADS) as threads:
        run = Run(channels()[name], lane, clock, threads)
        try:
            return run.go()
        finally:
            lane.let_go(clock() + FIRST_PAUSE if run.down.is_set() else None)


class Run:
    """One worker's work for one channel."""

    def __init__(
        self, channel: Channel, lane: lanes.Held, clock: Callable[[], datetime], threads: ThreadPoolExecutor
    ) -> None:
        self.channel, self.lane, self.clock, self.threads = channel, lane, clock, threads
        self.end = clock() + RUN
        self.work: dict[Future[Result], Dispatch] = {}
        self.down = Flag()
        self.made = 0

    def go(self) -> int:
        while self.fill() or self.work:
            done, _ = wait(self.work, timeout=LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                record(self.work.pop(future), future.result(), self.clock())
        return self.made

    def fill(self) -> bool:
        """Claim more, if there are hands for it. False: nothing more was claimed."""
        now = self.clock()
        if not self.lane.keep(now) or now >= self.end or self.down.is_set() or len(self.work) >= THREADS:
            return False
        due = claim(self.channel.name, now, BATCH)
        parcels, broken = prepared(self.channel, due)
        for one, error in broken:
            record(one, Result(said=in_words(error)), now)
        for one in due:
            if one.pk in parcels:
                started = self.threads.submit(
                    attempt, self.channel, one, parcels[one.pk], self.down, self.clock
                )
                self.work[started] = one
        self.made += len(due)
        return bool(due)


def waiting(name: str) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(channel=name, state=State.WAITING)


@transaction.atomic
def claim(name: str, now: datetime, limit: int) -> list[Dispatch]:
    """Take dispatches for LEASE. Those to prospects that a dead worker had begun are set aside for a person; those to
    prospects who have said no meanwhile do not leave."""
    free = (
        waiting(name)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("message__recipient", "message__lead")
    )
    due = list(free.filter(send_at__lte=now).order_by("send_at", "id")[:limit])
    begun = [one.pk for one in due if one.begun_at is not None]
    said = "The program was stopped while it was being sent. If it did not arrive, send it again."
    Dispatch.objects.filter(pk__in=begun).update(state=State.UNSURE, last_error=said)
    refused = unwanted([one for one in due if one.begun_at is None and one.message.is_to_prospect])
    Dispatch.objects.filter(pk__in=refused).update(state=State.SKIPPED, last_error=UNWANTED)
    taken = [one for one in due if one.begun_at is None and one.pk not in refused]
    Dispatch.objects.filter(pk__in=[one.pk for one in taken]).update(send_at=now + LEASE)
    return taken


def unwanted(due: Sequence[Dispatch]) -> set[int]:
    """Those whose address has been put on the list since they were written. One query at most."""
    out = opted_out(one.address for one in due)
    return {one.pk for one in due if one.address in out}


def prepared(
    channel: Channel, due: Sequence[Dispatch]
) -> tuple[Mapping[int, Any], list[tuple[Dispatch, Exception]]]:
    """All at once; if that fails, one by one, so that the bad one holds nobody up."""
    try:
        return (channel.prepare(due) if due else {}), []
    except Exception as error:
        logger.exception("Messages could not be prepared", extra={"channel": channel.name})
        if len(due) == 1:
            return {}, [(due[0], error)]
    parts = [prepared(channel, [one]) for one in due]
    return {key: parcel for good, _ in parts for key, parcel in good.items()}, [
        bad for _, broken in parts for bad in broken
    ]


def attempt(
    channel: Channel, one: Dispatch, parcel: Any, down: Flag, clock: Callable[[], datetime]
) -> Result:
    """In a thread of its own. Never raises."""
    if down.is_set():
        return Result(said="The server cannot be reached.", tried=False)
    begun = False

    def begin() -> datetime:
        nonlocal begun
        at = clock()
        if one.message.is_to_prospect:
            mark_begun(one, at)
        begun = True
        return at

    try:
        return Result(State.SENT, external_id=channel.send(one, parcel, begin)[:200])
    except Undeliverable as error:
        return Result(State.FAILED, str(error), is_gone=error.is_gone)
    except Withdrawn as error:
        return Result(State.SKIPPED, str(error))
    except Later as error:
        return Result(said=str(error), after=error.after)
    except Exception as error:
        if not isinstance(error, Unsure | OSError):
            logger.exception("A message could not be sent", extra={"dispatch_id": one.pk})
        if begun and one.message.is_to_prospect:
            return Result(State.UNSURE, in_words(error))
        is_down = channel.has_one_peer and not begun and isinstance(error, OSError)
        if is_down:
            down.set()
        return Result(said=in_words(error), is_down=is_down)
    finally:
        connections.close_all()


def mark_begun(one: Dispatch, now: datetime) -> None:
    if not Dispatch.objects.filter(pk=one.pk, state=State.WAITING, begun_at=None).update(begun_at=now):
        raise Withdrawn("It was taken back.")


def in_words(error: Exception) -> str:
    return str(error) if isinstance(error, Unsure) else f"{type(error).__name__}: {error}"


@transaction.atomic
def record(one: Dispatch, result: Result, now: datetime) -> None:
    row = Dispatch.objects.filter(pk=one.pk, state=State.WAITING)
    said = {"last_error": result.said[:300]}
    if not result.tried:
        row.update(send_at=now + FIRST_PAUSE, **said)
    elif result.state == State.SENT:
        found = row.update(
            state=State.SENT,
            sent_at=now,
            attempts=F("attempts") + 1,
            external_id=result.external_id,
            **said,
        )
        if found:
            one.state, one.sent_at, one.external_id = State.SENT, now, result.external_id
            sent.send(Dispatch, dispatch=one, now=now)
    elif result.state != State.WAITING or one.attempts + 1 >= MOST:
        gave_up = State.FAILED if result.state == State.WAITING else result.state
        found = row.update(state=gave_up, attempts=F("attempts") + 1, **said)
        if found and result.state == State.FAILED and one.message.is_to_prospect:
            one.last_error = said["last_error"]
            next_way(one.message_id, now)
            failed.send(Dispatch, dispatch=one, now=now)
        if result.is_gone:
            channels()[one.channel].forget(one.address)
    else:
        pause = result.after or min(FIRST_PAUSE * 2 ** min(one.attempts, 8), LONGEST_PAUSE)
        row.update(send_at=now + pause, attempts=F("attempts") + 1, begun_at=None, **said)


def send_again(dispatches: QuerySet[Dispatch], now: datetime) -> int:
    """Whatever became of them. Returns how many."""
    return dispatches.update(
        state=State.WAITING, send_at=now, sent_at=None, begun_at=None, attempts=0, last_error=""
    )


def withdraw(dispatches: QuerySet[Dispatch], because: str) -> int:
    """Those that have not left will not. Returns how many."""
    unsent = dispatches.filter(state=State.WAITING, begun_at=None)
    return unsent.update(state=State.SKIPPED, last_error=because[:300])


def until_none(send: Callable[[], int]) -> None:
    while send():
        pass


__all__ = ["LEASE", "Begin", "Result", "send_again", "send_due", "until_none", "withdraw"]
