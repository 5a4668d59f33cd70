"""Two deliveries that tell of the same people in another order, at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leadrouting.intake.deliveries import store
from leadrouting.intake.heard import Enquired, Raw
from leadrouting.intake.hearing import act_on
from leadrouting.leads.models import Lead

NAMES = [f"person{number}" for number in range(12)]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_one_who_waits_for_them() -> None:
    start = Barrier(2)

    def told(turn: str, names: list[str]) -> set[str]:
        try:
            now = timezone.now()
            delivery = store(Raw(b"{}"), kind="meta", now=now, rings=False)
            people = [Enquired(f"{turn}-{name}", {"email": f"{name}@acme.example"}) for name in names]
            start.wait(10)
            with transaction.atomic():
                return {item.outcome for item in act_on(delivery, people, now)}
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        there = both.submit(told, "a", NAMES)
        back = both.submit(told, "b", NAMES[::-1])
        outcomes = [there.result(60), back.result(60)]
    assert sorted(map(sorted, outcomes)) == [["created"], ["joined"]]
    assert Lead.objects.count() == len(NAMES)
