"""Idempotency-Key: once, however often, at the same time, or after a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leadrouting.api import idempotency
from leadrouting.api.models import IdempotentAnswer
from leadrouting.leads.models import Activity, Lead
from tests import world
from tests.api.conftest import LEADS

pytestmark = pytest.mark.django_db(transaction=True)

MAX = {"name": "Max Muster"}  # nothing that would join a repeat to the first lead
KEY = {"HTTP_IDEMPOTENCY_KEY": "3f0b"}


def test_a_repeat_gets_the_same_answer_and_makes_nothing(cast):
    client = cast.client("service")
    first = client.post(LEADS, MAX, **KEY)
    again = client.post(LEADS, MAX, **KEY)

    assert first.status_code == again.status_code == 201
    assert first.content == again.content and "Idempotent-Replay" not in first
    assert again["Idempotent-Replay"] == "true" and Lead.objects.count() == 1


def test_the_order_of_keys_in_the_body_does_not_matter(cast):
    client = cast.client("service")
    client.post(LEADS, {"name": "Max", "city": "Ulm"}, **KEY)

    assert client.post(LEADS, {"city": "Ulm", "name": "Max"}, **KEY)["Idempotent-Replay"] == "true"


def test_the_same_key_with_another_body_is_refused(cast):
    client = cast.client("service")
    client.post(LEADS, MAX, **KEY)
    other = client.post(LEADS, {"name": "Moritz"}, **KEY)

    assert other.status_code == 422 and other.json()["code"] == "key_reused" and Lead.objects.count() == 1


def test_a_key_belongs_to_its_user(cast):
    assert cast.client("service").post(LEADS, MAX, **KEY).status_code == 201
    assert cast.client("ops").post(LEADS, MAX, **KEY).status_code == 201
    assert Lead.objects.count() == 2


def test_a_refused_request_leaves_the_key_free(cast):
    client = cast.client("service")

    assert client.post(LEADS, {"email": "max@"}, **KEY).status_code == 400
    assert client.post(LEADS, {"email": "max@example.com"}, **KEY).status_code == 201


def test_without_a_key_each_post_counts(cast):
    client = cast.client("service")
    assert [client.post(LEADS, MAX).status_code for _ in range(2)] == [201, 201]
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 201, "a\x01b"])
def test_a_key_that_cannot_be_kept_is_refused(cast, key):
    answer = cast.client("service").post(LEADS, MAX, HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400 and "Idempotency-Key" in answer.json()["errors"]


def test_an_act_is_done_once_even_when_the_lead_has_moved_on(cast):
    cal = world.rep("Cal Cook", team=cast.ann.team)
    world.live(cast.ann, cal)
    lead = cast.client("service").post(LEADS, MAX).json()["id"]
    decline = f"{LEADS}{lead}/decline/"
    first = cast.client("rep").post(decline, {"reason": "Not mine"}, **KEY)
    again = cast.client("rep").post(decline, {"reason": "Not mine"}, **KEY)

    assert first.status_code == again.status_code == 200 and first.content == again.content
    assert first.json()["owner"]["id"] == cal.pk
    assert Activity.objects.filter(kind="declined").count() == 1


def storm(cast, number: int, told: dict[str, str], **headers: str) -> list[Any]:
    """So many equal requests at the same instant."""
    start = Barrier(number)

    def post(_: int) -> Any:
        try:
            client = cast.client("service")
            start.wait()
            return client.post(LEADS, told, **headers)
        finally:
            connection.close()

    cast.client("service")  # its token is there before the threads ask for it
    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(post, range(number)))


def test_fifty_at_once_with_one_key_make_one_lead_and_get_one_answer(cast):
    answers = storm(cast, 50, MAX, **KEY)
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert sum("Idempotent-Replay" in answer for answer in answers) == 49
    assert Lead.objects.count() == 1 and Activity.objects.count() == 0


def test_fifty_at_once_without_a_key_make_one_lead_and_tell_the_same_owner(cast):
    answers = storm(cast, 50, {**MAX, "email": "max@acme.example"})
    told = [answer.json() for answer in answers]
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({(one["id"], one["owner"]["id"]) for one in told}) == 1
    assert sorted(one["joined"] for one in told) == [False] + [True] * 49
    assert Lead.objects.count() == 1 and Activity.objects.filter(kind="enquiry").count() == 49


def test_a_repeat_is_told_to_come_again_when_the_first_takes_long(cast, monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT", 0.1)

    def hold_and_repeat() -> int:
        try:
            return cast.client("service").post(LEADS, MAX, **KEY).status_code
        finally:
            connection.close()

    cast.client("service")
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        assert idempotency.locked(cast.users.service, "3f0b")
        assert other.submit(hold_and_repeat).result() == 409
    assert Lead.objects.count() == 0


def test_a_crash_before_the_commit_leaves_nothing_behind(cast, monkeypatch):
    client = cast.client("service")
    monkeypatch.setattr(IdempotentAnswer, "save", lambda *args, **options: 1 / 0)
    assert client.post(LEADS, MAX, **KEY).status_code == 500
    assert Lead.objects.count() == 0
    monkeypatch.undo()

    assert client.post(LEADS, MAX, **KEY).status_code == 201 and Lead.objects.count() == 1


def test_a_crash_after_the_commit_does_not_block_the_key_and_makes_no_second_lead(cast, monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT", 0.1)
    client = cast.client("service")
    made = client.post(LEADS, MAX, **KEY).json()
    IdempotentAnswer.objects.update(status=None, body={"lead": made["id"], "joined": False})  # as it was left

    waits = client.post(LEADS, MAX, **KEY)
    assert waits.status_code == 409 and waits["Retry-After"] == "1"

    IdempotentAnswer.objects.update(created_at=timezone.now() - idempotency.LEASE)
    answer = client.post(LEADS, MAX, **KEY)
    assert answer.status_code == 201 and answer.json() == made and Lead.objects.count() == 1


def test_keys_are_forgotten_after_a_day(cast):
    client, now = cast.client("service"), timezone.now()
    client.post(LEADS, MAX, **KEY)
    IdempotentAnswer.objects.update(created_at=now - idempotency.KEPT - timedelta(seconds=1))

    assert idempotency.forget_old_answers(now=now) == 1
    assert client.post(LEADS, MAX, **KEY).status_code == 201 and Lead.objects.count() == 2
