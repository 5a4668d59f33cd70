"""One attempt, without the database: what was sent, and what that means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from leadrouting.common.outside import Answer, Guard, NoAnswer, Refused, post, retry_after
from leadrouting.notifications.hooks.signing import headers
from leadrouting.notifications.models import Hook, Subscription

BUSY = (429, 502, 503, 504)
"""The other side as a whole takes nothing just now."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt. `is_down`: nothing else need be tried there for now. `after`: when it said to come again."""

    at: datetime
    said: str = ""
    is_delivered: bool = False
    is_gone: bool = False
    is_down: bool = False
    after: timedelta | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    answer: str = ""
    milliseconds: int | None = None


def attempt(hook: Hook, subscription: Subscription, now: datetime, by: Guard | None = None) -> Outcome:
    """Ten seconds at most. Never raises what the other side can cause."""
    signed = headers(hook, subscription, now)
    try:
        answer = post(subscription.address, hook.body.encode(), signed, by=by)
    except Refused as refused:
        return Outcome(now, str(refused), is_down=True, headers=signed)
    except NoAnswer as none:
        spent = round(none.seconds * 1000)
        return Outcome(now, str(none), is_down=True, headers=signed, milliseconds=spent)
    is_delivered = 200 <= answer.status < 300
    return Outcome(
        now,
        "" if is_delivered else in_words(answer),
        is_delivered=is_delivered,
        is_gone=answer.status == HTTPStatus.GONE,
        is_down=answer.status in BUSY,
        after=retry_after(answer, now) if answer.status in (429, 503) else None,
        headers=signed,
        status=answer.status,
        answer=answer.body.decode(errors="replace").replace("\x00", ""),
        milliseconds=round(answer.seconds * 1000),
    )


def in_words(answer: Answer) -> str:
    status = answer.status
    if 300 <= status < 400:
        where = answer.headers.get("location", "")[:200]
        return (
            f"It answered {status} and points to “{where}”, where nothing is sent. Enter the right address."
        )
    if status == HTTPStatus.GONE:
        return "It answered 410: nobody wants to hear there any more."
    try:
        return f"It answered {status} {HTTPStatus(status).phrase}."
    except ValueError:
        return f"It answered {status}."
