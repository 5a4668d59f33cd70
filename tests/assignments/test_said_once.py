"""A lead that waits is told of once, whoever finds it first: the signal of its arrival, or the drain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from leadrouting.assignments.models import Decision, Stir
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.services import route, route_due
from leadrouting.leads.models import Lead
from tests import world


def arrived() -> list[int]:
    """Leads that are committed; the signal of their arrival has not come through yet."""
    return [lead.pk for lead in Lead.objects.bulk_create(Lead(name=f"L{n}") for n in range(20))]


@pytest.fixture(params=["by rule", "for an owner"])
def waits(request) -> None:
    world.live(world.queue() if request.param == "by rule" else world.pool(world.rep(presence="away")))


@pytest.mark.django_db
@pytest.mark.parametrize("cause", [Cause.ARRIVAL, Cause.RETURN])
def test_the_drain_was_faster_than_the_signal(waits, cause):
    leads = arrived()
    Stir.objects.create()
    route_due(timezone.now())
    route_many([Order(lead, cause, if_unowned=True) for lead in leads], timezone.now())

    assert [lead.decisions.count() for lead in Lead.objects.all()] == [1] * 20


@pytest.mark.django_db(transaction=True)
def test_both_at_once(waits):
    leads = arrived()
    Stir.objects.create()
    ready = Barrier(3)

    def alone(work, *arguments) -> None:
        try:
            ready.wait()
            work(*arguments)
        finally:
            connections.close_all()

    def signals() -> None:
        for lead in leads:
            route(lead, now=timezone.now(), gives_way=True)

    def drain() -> None:
        route_due(timezone.now())

    with ThreadPoolExecutor(3) as threads:
        for one in [threads.submit(alone, work) for work in (signals, drain, drain)]:
            one.result()
    route_due(timezone.now())

    assert Decision.objects.count() == 20
    assert set(Lead.objects.values_list("status", flat=True)) == {"queued"}


@pytest.mark.django_db
def test_somebody_who_is_free_by_then_gets_it_all_the_same():
    rep = world.rep(presence="away")
    world.live(world.pool(rep))
    (lead, *_) = arrived()
    route(lead, now=timezone.now())
    rep.presence = "available"
    rep.save()
    route(lead, now=timezone.now())

    assert [(one.cause, one.rep) for one in Decision.objects.filter(lead=lead)] == [
        (Cause.ARRIVAL, rep),
        (Cause.ARRIVAL, None),
    ]
