"""How much time is left, in words that need no arithmetic."""

from datetime import datetime, timedelta

from django.utils.html import format_html

SOON = timedelta(minutes=15)


def countdown(due_at: datetime, now: datetime) -> str:
    """`12 min left`, `3 h 20 min over`; coloured when little or nothing is left."""
    left = due_at - now
    tone = "lr-over" if left <= timedelta(0) else "lr-soon" if left <= SOON else "lr-calm"
    words = f"{span(abs(left))} {'over' if left <= timedelta(0) else 'left'}"
    return format_html(
        '<span class="lr-left {}" title="{}">{}</span>', tone, f"{due_at:%Y-%m-%d %H:%M} UTC", words
    )


def span(length: timedelta) -> str:
    """The two largest units: `45 s`, `4 min 12 s`, `3 h 5 min`, `2 d 4 h`."""
    seconds = int(length.total_seconds())
    for (name, size), (smaller, part) in (
        (("d", 86400), ("h", 3600)),
        (("h", 3600), ("min", 60)),
        (("min", 60), ("s", 1)),
    ):
        if seconds >= size:
            rest = seconds % size // part
            return f"{seconds // size} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{seconds} s"
