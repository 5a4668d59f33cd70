"""Many leads at once: looked at, moved in portions, stopped, gone on with, undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leadrouting.assignments import ownership, rerouting
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Decision, Rerouting, Rotation
from leadrouting.assignments.replays import recompute
from leadrouting.assignments.rerouting import choosing
from leadrouting.assignments.services import route_all
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Queue, User
from tests import world

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=1)


@pytest.fixture
def ops() -> User:
    return world.user("Olga Ops", role=User.Role.OPS)


@pytest.fixture
def office() -> Any:
    """Ten leads with Ada and Ben; then the rules hand leads to Cleo alone."""
    ada, ben, cleo = world.reps(3)
    world.live(world.pool(ada, ben))
    leads = [world.lead(name=f"Lead {number}") for number in range(10)]
    route_all([lead.pk for lead in leads], now=world.NOON)
    world.live(world.pool(cleo))
    return ada, ben, cleo, leads


def chosen(ops: User) -> Rerouting:
    return rerouting.select(Lead.objects.all(), by=ops, now=LATER)


def run(made: Rerouting) -> Rerouting:
    while rerouting.go_on(made.pk, LATER):
        pass
    made.refresh_from_db()
    return made


def owners() -> list[int | None]:
    return list(Lead.objects.order_by("pk").values_list("owner", flat=True))


def test_a_preview_says_what_would_happen_and_writes_nothing(ops, office):
    *_, cleo, _leads = office
    before, decisions, turns = owners(), Decision.objects.count(), list(Rotation.objects.values())
    look = rerouting.preview(chosen(ops), LATER)
    assert (look.tried, look.to, look.stay, look.closed) == (10, [(str(cleo), 10)], 0, 0)
    assert [str(lead) for lead, _, _ in look.rows] == [f"Lead {number}" for number in range(10)]
    assert (owners(), Decision.objects.count(), list(Rotation.objects.values())) == (before, decisions, turns)


def test_by_the_rules_and_back(ops, office):
    *_, cleo, _leads = office
    before = owners()
    made = rerouting.start(chosen(ops), by=ops, reason="Cleo takes over", now=LATER)
    assert run(made).state == "done"
    assert set(owners()) == {cleo.pk}
    assert rerouting.counts(made) == {"Moved": 10}
    latest = Decision.objects.latest("pk")
    assert (latest.cause, latest.reason, latest.actor) == ("reroute", "Cleo takes over", ops)
    assert run(rerouting.undo(made, by=ops, now=LATER)).state == "undone"
    assert owners() == before
    assert rerouting.counts(made) == {"Moved back": 10}
    assert recompute(world.NOON - timedelta(days=1), until=LATER + timedelta(days=1)).different == 0


def test_who_would_get_it_again_keeps_it_without_a_new_clock(ops, office):
    *_, cleo, leads = office
    ownership.reassign(lead_id=leads[0].pk, to=cleo, by=ops, reason="Knows them", now=LATER)
    held = Assignment.objects.get(lead=leads[0], ended_at=None).pk
    made = run(rerouting.start(chosen(ops), by=ops, reason="Again", now=LATER))
    assert Assignment.objects.get(lead=leads[0], ended_at=None).pk == held
    assert rerouting.counts(made) == {"Moved": 9, "Stays where it is": 1}


def test_nobody_loses_a_lead_because_nobody_can_take_it(ops, office):
    *_, cleo, _leads = office
    before = owners()
    cleo.is_active = False
    cleo.save()
    made = run(rerouting.start(chosen(ops), by=ops, reason="Again", now=LATER))
    assert owners() == before
    assert rerouting.counts(made) == {"Stays where it is": 10}


def test_to_one_rep_or_into_a_queue(ops, office):
    _, ben, *_ = office
    run(rerouting.start(chosen(ops), by=ops, reason="All to Ben", now=LATER, to_rep=ben))
    assert set(owners()) == {ben.pk}
    queue = Queue.objects.create(name="Later", owner=ops)
    made = run(rerouting.start(chosen(ops), by=ops, reason="Next year", now=LATER, to_queue=queue))
    assert set(Lead.objects.values_list("owner", "queue")) == {(None, queue.pk)}
    run(rerouting.undo(made, by=ops, now=LATER))
    assert set(owners()) == {ben.pk}


def test_what_has_moved_on_or_is_closed_is_not_moved_back(ops, office):
    ada, *_, leads = office
    made = run(rerouting.start(chosen(ops), by=ops, reason="Again", now=LATER))
    ownership.reassign(lead_id=leads[0].pk, to=ada, by=ops, reason="By hand", now=LATER)
    ownership.close(lead_id=leads[1].pk, by=ops, outcome="lost", reason="No money", now=LATER)
    gone = Assignment.objects.filter(lead=leads[2]).earliest("pk").rep
    gone.is_active = False
    gone.save()
    run(rerouting.undo(made, by=ops, now=LATER))
    notes = dict(made.leads.filter(state="kept").values_list("lead", "note"))
    assert notes[leads[0].pk] == "It has moved on since."
    assert notes[leads[1].pk] == "It is closed (lost)."
    assert notes[leads[2].pk] == "Who had it before is not active any more."
    assert Lead.objects.get(pk=leads[0].pk).owner == ada


def test_closed_leads_are_left_alone(ops, office):
    leads = office[-1]
    ownership.close(lead_id=leads[3].pk, by=ops, outcome="lost", reason="No money", now=LATER)
    made = chosen(ops)
    assert rerouting.preview(made, LATER).closed == 1
    run(rerouting.start(made, by=ops, reason="Again", now=LATER))
    assert made.leads.get(lead=leads[3]).note == "It is closed (lost)."


def test_a_portion_is_there_as_a_whole_and_the_next_worker_goes_on(ops, office, monkeypatch):
    monkeypatch.setattr(choosing, "CHUNK", 4)
    made = rerouting.start(chosen(ops), by=ops, reason="Again", now=LATER)
    assert rerouting.go_on(made.pk, LATER)
    with transaction.atomic():
        rerouting.go_on(made.pk, LATER)
        transaction.set_rollback(True)  # killed before the commit
    made.refresh_from_db()
    assert (made.cursor, made.leads.filter(state="moved").count()) == (4, 4)
    assert rerouting.unfinished() == [made.pk]
    assert run(made).cursor == 10
    assert made.leads.filter(state="moved").count() == 10
    assert Decision.objects.filter(cause="reroute").count() == 10


def test_stopping_leaves_the_rest(ops, office, monkeypatch):
    monkeypatch.setattr(choosing, "CHUNK", 4)
    made = rerouting.start(chosen(ops), by=ops, reason="Again", now=LATER)
    rerouting.go_on(made.pk, LATER)
    rerouting.stop(made, by=ops, now=LATER)
    assert run(made).state == "stopped"
    assert rerouting.counts(made) == {"Not tried yet": 6, "Moved": 4}
    assert run(rerouting.undo(made, by=ops, now=LATER)).state == "undone"
    assert rerouting.counts(made) == {"Not tried yet": 6, "Moved back": 4}


def test_waiting_leads_wait_again_after_an_undo(ops):
    (ada,) = world.reps(1)
    world.live(world.pool(ada))
    ada.is_active = False
    ada.save()
    lead = world.lead()
    route_all([lead.pk], now=world.NOON)
    ada.is_active = True
    ada.save()
    made = run(rerouting.start(chosen(ops), by=ops, reason="Ada is back", now=LATER))
    assert owners() == [ada.pk]
    run(rerouting.undo(made, by=ops, now=LATER))
    lead.refresh_from_db()
    assert lead.owner is None and lead.status == "queued" and lead.route_at == LATER


def test_refusals(ops, office):
    lena = world.user("Lena", role=User.Role.MANAGER)
    with pytest.raises(NotYours):
        rerouting.select(Lead.objects.all(), by=lena, now=LATER)
    with pytest.raises(Refused, match="Choose the leads first"):
        rerouting.select(Lead.objects.none(), by=ops, now=LATER)
    made = chosen(ops)
    with pytest.raises(Refused, match="Say why"):
        rerouting.start(made, by=ops, reason=" ", now=LATER)
    with pytest.raises(Refused, match="there is nothing to stop"):
        rerouting.stop(made, by=ops, now=LATER)
    rerouting.start(made, by=ops, reason="Again", now=LATER)
    with pytest.raises(Refused, match="started already"):
        rerouting.start(made, by=ops, reason="Again", now=LATER)
    with pytest.raises(Refused, match="run to its end"):
        rerouting.undo(made, by=ops, now=LATER)


def test_queries_do_not_grow_with_the_leads_of_a_portion(ops, office):
    *_, leads = office
    small = rerouting.select(Lead.objects.filter(pk__in=[leads[0].pk, leads[1].pk]), by=ops, now=LATER)
    run(rerouting.start(small, by=ops, reason="Two", now=LATER))
    run(rerouting.undo(small, by=ops, now=LATER))
    counted = []
    for many in (6, 10):
        some = Lead.objects.filter(pk__in=[lead.pk for lead in leads[:many]])
        made = rerouting.start(rerouting.select(some, by=ops, now=LATER), by=ops, reason="Again", now=LATER)
        with CaptureQueriesContext(connection) as queries:
            rerouting.go_on(made.pk, LATER)
        counted.append(len(queries))
        run(made)
        run(rerouting.undo(made, by=ops, now=LATER))
    assert counted[0] == counted[1]
