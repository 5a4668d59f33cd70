"""What can go wrong when office hours are read or asked."""

from __future__ import annotations


class CalendarError(ValueError):
    """The office hours, or a question about them, make no sense.

    The message names the day and the problem and says what to do; it may be shown to the person who
    wrote the hours.
    """
