"""When somebody who is busy says to come again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from leadrouting.common.outside.posting import Answer

A_DAY = timedelta(days=1)


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """Seconds or an instant in `Retry-After`; a day at most. None where nothing is said."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:6])), A_DAY)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return min(max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta(0)), A_DAY)
