"""A span of time as a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadrouting.businesstime.errors import CalendarError
from leadrouting.businesstime.wallclock import as_utc


@dataclass(frozen=True, slots=True, order=True, repr=False)
class Window:
    """The half-open span `[start, end)`, kept in UTC; both may be given in any zone.

    Sorts by start. An empty one (`start == end`) is allowed, so that a pause of no length does no harm;
    `CalendarError` for a naive bound or an end before the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start))
        object.__setattr__(self, "end", as_utc(self.end))
        if self.end < self.start:
            raise CalendarError(f"{self!r} ends before it starts. Swap the two.")

    @property
    def length(self) -> timedelta:
        """Real elapsed time from start to end."""
        return self.end - self.start

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def __repr__(self) -> str:
        return f"Window[{self.start.isoformat()}, {self.end.isoformat()})"


def merged(windows: Iterable[Window]) -> Iterator[Window]:
    """Sorted `windows` with those that overlap or touch made one. Lazy: looks one window ahead."""
    last: Window | None = None
    for window in windows:
        if last is None:
            last = window
        elif window.start <= last.end:
            if window.end > last.end:
                last = Window(last.start, window.end)
        else:
            yield last
            last = window
    if last is not None:
        yield last
