"""What happens next: a heap of events in order of time; what is pushed first at an instant comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any


@dataclass(order=True, frozen=True, slots=True)
class Entry:
    at: datetime
    number: int
    event: Any = field(compare=False)


class Agenda:
    """Events until `until` (UTC); later ones are forgotten. None: for ever."""

    def __init__(self, until: datetime | None = None) -> None:
        self.until = until
        self._heap: list[Entry] = []
        self._numbers = count()

    def push(self, at: datetime, event: Any) -> None:
        if self.until is None or at < self.until:
            heappush(self._heap, Entry(at, next(self._numbers), event))

    def pop(self) -> Entry | None:
        """The next event; None when nothing is left."""
        return heappop(self._heap) if self._heap else None

    def due(self, now: datetime) -> Entry | None:
        """The next event, if its time has come."""
        return heappop(self._heap) if self._heap and self._heap[0].at <= now else None

    def __len__(self) -> int:
        return len(self._heap)
