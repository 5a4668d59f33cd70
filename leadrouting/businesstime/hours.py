"""One window of a day as people write it: wall-clock times without a zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from leadrouting.businesstime.errors import CalendarError

DAY = 24 * 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")


@dataclass(frozen=True, slots=True, order=True, repr=False)
class Hours:
    """`[opens, closes)` in minutes after local midnight, `0 <= opens < closes <= 1440`."""

    opens: int
    closes: int

    def __repr__(self) -> str:
        return f"{_written(self.opens)}-{_written(self.closes)}"


def read_day(day: str, written: Iterable[Sequence[str]]) -> tuple[Hours, ...]:
    """The windows of one day, sorted; none means closed. `day` is how errors name it.

    `CalendarError` for a time that is none, a window that does not end after it starts, or two that overlap.
    """
    if isinstance(written, str):
        raise CalendarError(f"{day}: expected a list of windows such as ('09:00', '17:00'), not {written!r}.")
    hours = sorted(_read_window(day, window) for window in written)
    for one, two in pairwise(hours):
        if two.opens < one.closes:
            raise CalendarError(f"{day}: the windows {one!r} and {two!r} overlap. Join them or move one.")
    return tuple(hours)


def _read_window(day: str, window: Sequence[str]) -> Hours:
    if isinstance(window, str) or len(window) != 2:
        raise CalendarError(f"{day}: a window is an opening and a closing time, not {window!r}.")
    opens, closes = (_read_time(day, written) for written in window)
    if opens < closes:
        return Hours(opens, closes)
    way_out = (
        f"For hours past midnight write {window[0]}-24:00, and 00:00-{window[1]} on the next day."
        if opens > closes > 0
        else "Midnight at the end of a day is written 24:00."
        if closes == 0
        else "It must close after it opens."
    )
    raise CalendarError(f"{day}: the window {window[0]}-{window[1]} does not end after it starts. {way_out}")


def _read_time(day: str, written: str) -> int:
    """Minutes after midnight."""
    if not isinstance(written, str) or not _CLOCK.fullmatch(written):
        raise CalendarError(f"{day}: {written!r} is not a time of day. Write HH:MM, from 00:00 to 24:00.")
    return int(written[:2]) * 60 + int(written[3:])


def _written(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
