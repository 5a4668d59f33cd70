"""The blocks of a schedule, worked out when first needed and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache, partial

from leadrouting.businesstime.block import LAST, Block, block_number, build_block
from leadrouting.businesstime.errors import CalendarError
from leadrouting.businesstime.schedule import Schedule

_BLOCKS = 256  # per schedule: some 22 years
_TIMELINES = 2048


class Timeline:
    """Hands out blocks by number. Safe to share between threads."""

    __slots__ = ("_schedule", "block", "last")

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self.block: Callable[[int], Block] = lru_cache(_BLOCKS)(partial(build_block, schedule))
        day = schedule.last_day
        # One more: the hours of a local date may reach into the next block.
        self.last = LAST if day is None else min(LAST, block_number(day) + 1)

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """The blocks from `first` to `last`, both included, but none after the schedule's last day."""
        return map(self.block, range(first, min(last, self.last) + 1))

    def block_after(self, number: int, asked: datetime) -> Block:
        """The block after `number`; `CalendarError` after the last one. `asked` is the instant to name."""
        if number >= self.last:
            raise CalendarError(
                f"This calendar has too few opening hours after {asked.isoformat()}. "
                "Give a day of the week, or a special day to come, opening hours."
            )
        return self.block(number + 1)

    def __reduce__(self) -> tuple[Callable[[Schedule], Timeline], tuple[Schedule]]:
        return timeline_of, (self._schedule,)


@lru_cache(_TIMELINES)
def timeline_of(schedule: Schedule) -> Timeline:
    """Equal schedules share one timeline, so a calendar made anew for each lead stays warm."""
    return Timeline(schedule)
