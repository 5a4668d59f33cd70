"""Doing a POST once, however often it is sent (`Idempotency-Key`).

The key's row is written in the transaction that does the work, so that they are there both or neither: a crash
before the commit leaves nothing behind, and a repeat starts afresh. The answer is known only after the commit,
because leads are routed on commit. Until then the row says what was made (the reference): when the process
dies in between, a repeat finds it after LEASE and answers from it, and makes nothing again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from leadrouting.api.models import IdempotentAnswer
from leadrouting.api.problems import Problem
from leadrouting.teams.auth import caller
from leadrouting.teams.models import User

HEADER = "Idempotency-Key"
LEASE = timedelta(seconds=30)  # far more than an answer takes once its work is committed
WAIT, LOOK = 3.0, 0.02  # seconds that a repeat waits for the first answer, and between two looks
KEPT = timedelta(days=1)  # after that a key is forgotten

Reference = dict[str, Any]
Told = tuple[int, Any]


class AtWork(Problem):
    def __init__(self) -> None:
        super().__init__(409, "at_work", "The first request with this key is still at work.", wait=1)


def once(request: Request, do: Callable[[], Reference], tell: Callable[[Reference], Told]) -> Response:
    """Do the work in a transaction, then tell its answer; for a key seen before, only the answer.

    `do` returns plain JSON values that `tell` needs to find what was made. Errors are not remembered: they
    leave nothing behind, and the same key may be sent again. While the first request is at work others wait, WAIT
    seconds at most. Raises Problem 409 when it takes longer, and 422 for the same key with another request.
    """
    key = key_of(request)
    if not key:
        with transaction.atomic():
            reference = do()
        status, body = tell(reference)
        return Response(body, status)
    end = monotonic() + WAIT
    while True:
        try:
            return once_for(key, request, do, tell)
        except AtWork:
            if monotonic() >= end:
                raise
        sleep(LOOK)


def once_for(
    key: str, request: Request, do: Callable[[], Reference], tell: Callable[[Reference], Told]
) -> Response:
    user, now = caller(request), timezone.now()
    with transaction.atomic():
        answer = earlier(user, key, fingerprint(request), now)
        if is_new := answer is None:
            answer = IdempotentAnswer(user=user, key=key, fingerprint=fingerprint(request), created_at=now)
            answer.body = do()
            answer.save(force_insert=True)
    if answer.status is None:
        status, body = tell(answer.body)
        answer.status, answer.body = status, JSONRenderer().render(body).decode()
        answer.save(update_fields=["status", "body"])
    replayed = {} if is_new else {"Idempotent-Replay": "true"}
    return Response(json.loads(answer.body), answer.status, headers=replayed)


def earlier(user: User, key: str, mark: str, now: datetime) -> IdempotentAnswer | None:
    """The answer that this key has had. Until the transaction ends nobody else can ask for the same key."""
    if not locked(user, key):
        raise AtWork
    answer = IdempotentAnswer.objects.filter(user=user, key=key).first()
    if answer is not None and now - answer.created_at > KEPT:
        answer.delete()
        return None
    if answer is not None and answer.fingerprint != mark:
        raise Problem(
            422, "key_reused", f"This {HEADER} was used for another request. Send a new key with new content."
        )
    if answer is not None and answer.status is None and now - answer.created_at < LEASE:
        raise AtWork
    return answer


def locked(user: User, key: str) -> bool:
    """Whether the key is ours until the transaction ends (a lock of the transaction, not of the session)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"{user.pk}:{key}"])
        return bool(cursor.fetchone()[0])


def key_of(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if len(key) > 200 or not key.isprintable():
        raise ValidationError({HEADER: ["Use up to 200 printable characters, for example a UUID."]})
    return key


def fingerprint(request: Request) -> str:
    """Method, path with its parameters, and body; the order of a JSON object's keys does not matter."""
    body = json.dumps(request.data, sort_keys=True)
    return sha256(
        f"{request.method} {request.get_full_path()}\n{body}".encode("utf-8", "surrogatepass")
    ).hexdigest()


def forget_old_answers(*, now: datetime) -> int:
    """Delete what is older than KEPT; returns how many. For a nightly schedule."""
    return IdempotentAnswer.objects.filter(created_at__lt=now - KEPT).delete()[0]
