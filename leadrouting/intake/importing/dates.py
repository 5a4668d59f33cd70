"""Dates as people and systems write them, and in which order day and month stand in a column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time

DAY_FIRST, MONTH_FIRST = "day first", "month first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
NUMBERS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[T ,]+(.*))?")
NAMED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S.%f")


def found_order(texts: Iterable[str]) -> str:
    """DAY_FIRST or MONTH_FIRST, whichever the dates allow; empty when they allow both, and somebody must say.

    Where all are written another way (2026-03-04, 4 March 2026, 4.3.2026) nobody is asked: DAY_FIRST.
    """
    first, second, asked = False, False, False
    for text in texts:
        found = NUMBERS.match(text.strip())
        if found is None or len(found[1]) == 4 or found[2] == ".":
            continue
        asked = True
        first, second = first or int(found[1]) > 12, second or int(found[3]) > 12
    if first and not second:
        return DAY_FIRST
    if second and not first:
        return MONTH_FIRST
    return "" if asked else DAY_FIRST


def read_date(text: str, order: str) -> tuple[datetime, bool]:
    """The moment, without a zone unless one is written, and whether it has a time of day. Raises ValueError."""
    text = " ".join(text.split())
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        return found, len(text) > 10
    if re.fullmatch(r"\d{10}|\d{13}", text):  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(int(text[:10]), UTC), True
    if (numbers := NUMBERS.fullmatch(text)) is not None:
        return by_numbers(numbers, order)
    for day in NAMED:
        for form in (day, *(f"{day} {one}" for one in TIMES)):
            try:
                return datetime.strptime(text, form), form != day  # noqa: DTZ007  the zone follows
            except ValueError:
                continue
    raise ValueError(text)


def by_numbers(found: re.Match[str], order: str) -> tuple[datetime, bool]:
    one, two, three = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        year, month, day = one, two, three
    elif order == MONTH_FIRST and found[2] != ".":
        month, day, year = one, two, three
    else:
        day, month, year = one, two, three
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    at = read_time(found[5] or "")
    return datetime.combine(datetime(year, month, day), at or time()), at is not None  # noqa: DTZ001


def read_time(text: str) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        pass
    for form in TIMES:
        try:
            return datetime.strptime(text.strip(), form).time()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(text)
