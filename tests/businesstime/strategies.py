"""Made-up calendars and instants around the moments when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from leadrouting.businesstime import BusinessCalendar, Window

CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),  # 02:00 -> 03:00
    ("Europe/Berlin", date(2026, 10, 25)),  # 03:00 -> 02:00
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # 00:00 -> 01:00: midnight does not exist
    ("America/Sao_Paulo", date(2018, 2, 18)),  # 00:00 -> 23:00 the day before
    ("America/St_Johns", date(2010, 11, 7)),  # 00:01 -> 23:01: midnight comes twice
    ("America/St_Johns", date(2010, 3, 14)),  # 00:01 -> 01:01
    ("America/Toronto", date(1919, 3, 31)),  # 23:30 -> 00:30: the gap spans two dates
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kolkata", date(2026, 6, 15)),  # never
    ("Pacific/Apia", date(2011, 12, 30)),  # the date is left out
    ("Pacific/Kwajalein", date(1993, 8, 21)),  # left out too
    ("Pacific/Kwajalein", date(1969, 9, 30)),  # 23:00 -> 00:00 of the same date: it comes twice
]

_grid = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)] + ["24:00"]
# Half of all times lie where clocks change.
_times = st.sampled_from(_grid) | st.sampled_from([*_grid[:16], *_grid[-5:]])


@st.composite
def hours(draw, most=3):
    """The windows of a day, in any order; neighbours may touch."""
    count = draw(st.integers(0, most))
    marks = sorted(draw(st.lists(_times, min_size=2 * count, max_size=2 * count, unique=True)))
    windows = list(zip(marks[::2], marks[1::2], strict=True))
    if len(windows) > 1 and draw(st.booleans()):
        windows[1] = (windows[0][1], windows[1][1])
    return draw(st.permutations(windows))


@st.composite
def hours_of(draw, around):
    """Keyword arguments of a calendar with exceptions near `around`."""
    near = st.integers(-4, 4).map(lambda days: around + timedelta(days=days))
    week = {day: draw(hours()) for day in range(7)}
    week[draw(st.integers(0, 6))] = [("08:00", "12:00"), ("13:00", "18:00")]
    return {
        "week": week,
        "holidays": draw(st.sets(near, max_size=3)),
        "special_days": draw(st.dictionaries(near, hours(), max_size=3)),
    }


@st.composite
def calendars(draw):
    """A calendar and the date of interest in its zone."""
    zone, around = draw(st.sampled_from(CHANGES))
    return BusinessCalendar(zone=zone, **draw(hours_of(around))), around


def instants(around, days=6):
    """UTC instants near a date, often on a quarter of an hour, sometimes down to the microsecond."""
    start = datetime(around.year, around.month, around.day, tzinfo=UTC)
    quarters = st.integers(-days * 96, days * 96).map(lambda n: start + timedelta(minutes=15 * n))
    odd = st.integers(-days * 86_400_000_000, days * 86_400_000_000).map(
        lambda n: start + timedelta(microseconds=n)
    )
    return quarters | odd


durations = st.integers(0, 40 * 4).map(lambda n: timedelta(minutes=15 * n)) | st.timedeltas(
    timedelta(0), timedelta(days=12)
)


def pauses(around):
    pair = st.tuples(instants(around), instants(around)).map(sorted)
    return st.lists(pair.map(lambda ends: Window(*ends)), max_size=4)
