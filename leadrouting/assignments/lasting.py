"""How long somebody waited, in words."""

from __future__ import annotations

from datetime import timedelta

UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def in_words(span: timedelta) -> str:
    """The two largest units: `3 h 10 min`, `2 d`, `40 s`; never less than `1 s`."""
    left = max(1, int(span.total_seconds()))
    first = next(at for at, (size, _) in enumerate(UNITS) if left >= size)
    said = []
    for size, unit in UNITS[first : first + 2]:
        number, left = divmod(left, size)
        if number:
            said.append(f"{number} {unit}")
    return " ".join(said)
