"""Reminder, breach, reassignment: each once, and never for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from leadrouting.assignments import ownership
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Assignment, Decision, Load
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation, Policy
from leadrouting.sla.services import act_on_due_clocks
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def policy() -> Policy:
    return make("Ten minutes", {"respond": 10 * MINUTE}, hours="always", reminders=[70])


def clock_of(lead: Lead) -> Clock:
    return Clock.objects.get(lead=lead, ended_at=None)


def saved(*reps) -> Lead:
    world.live(world.pool(*reps))
    lead = world.lead()
    lead.refresh_from_db()
    return lead


def test_the_clock_starts_with_the_assignment(policy):
    lead = saved(world.rep())
    clock = clock_of(lead)

    assert clock.started_at == Assignment.objects.get(lead=lead).started_at
    assert clock.due_at - clock.started_at == 10 * MINUTE
    assert clock.due_at - clock.wake_at == 3 * MINUTE


def test_a_reminder_once_and_not_before_its_time(policy):
    lead = saved(world.rep())
    start = clock_of(lead).started_at

    assert act_on_due_clocks(start + 6 * MINUTE) == 0
    assert act_on_due_clocks(start + 8 * MINUTE) == 1
    assert act_on_due_clocks(start + 9 * MINUTE) == 0
    assert [m.kind for m in Message.objects.filter(lead=lead).order_by("id")] == ["assigned", "reminder"]


def test_a_breach_tells_rep_and_manager_and_moves_the_lead(policy):
    team = world.team()
    ann, ben = world.rep("Ann", team=team), world.rep("Ben", team=team)
    lead = saved(ann, ben)
    first = clock_of(lead)

    act_on_due_clocks(first.due_at)

    lead.refresh_from_db()
    assert lead.owner == ben
    first.refresh_from_db()
    assert first.outcome == "missed"
    assert clock_of(lead).rep == ben
    told = Message.objects.filter(kind="breach").values_list("recipient_id", flat=True)
    assert set(told) == {ann.pk, team.manager_id}
    assert (Load.objects.get(rep=ann).open, Load.objects.get(rep=ben).open) == (0, 1)
    assert lead.decisions.first().cause == "breach"


def test_it_ends_in_the_catch_all_after_a_bounded_number_of_moves(policy):
    lead = saved(*world.reps(5))
    moves = 0
    while (clock := Clock.objects.filter(lead=lead, ended_at=None).first()) is not None:
        act_on_due_clocks(clock.due_at)
        moves += 1
        assert moves < 10

    lead.refresh_from_db()
    assert moves == 3  # two reassignments, then the queue
    assert lead.owner is None
    assert lead.queue is not None
    assert lead.assignments.count() == 3
    last = lead.decisions.first()
    assert last.rule_name == "Rule 1"
    said = sentences([last])[last.pk]
    assert "had moved on 2 times, the most that “Ten minutes” allows" in said
    assert "no rule matched" not in said
    assert lead.route_at is None, "A person looks at it now; it does not go round again."


def test_a_breach_with_nobody_else_waits_in_the_catch_all(policy):
    lead = saved(world.rep())
    act_on_due_clocks(clock_of(lead).due_at)

    lead.refresh_from_db()
    assert lead.owner is None
    assert lead.status == "queued"


def test_a_response_at_the_last_moment_counts(policy):
    lead = saved(world.rep())
    due = clock_of(lead).due_at
    ownership.respond(lead_id=lead.pk, by=lead.owner.user, now=due)

    assert act_on_due_clocks(due) == 0
    assert Clock.objects.get(lead=lead).outcome == "met"
    assert Escalation.objects.count() == 0


def test_many_workers_act_once(policy):
    world.live(world.pool(*world.reps(30)))
    leads = [world.lead() for _ in range(20)]
    late = max(Clock.objects.values_list("due_at", flat=True))

    def work(_: int) -> None:
        try:
            act_on_due_clocks(late)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    act_on_due_clocks(late)  # what was in another worker's hands

    assert Escalation.objects.filter(step="breach").count() == 20
    assert Decision.objects.filter(lead__in=leads).count() == 2 * 20
    assert Assignment.objects.filter(ended_at=None).count() == 20


def test_one_bad_clock_holds_up_nobody(policy):
    world.live(world.pool(*world.reps(4)))
    bad, good = world.lead(), world.lead()
    due = max(Clock.objects.values_list("due_at", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE sla_escalation ADD CONSTRAINT bad CHECK (clock_id <> {clock_of(bad).pk})"
        )
    try:
        act_on_due_clocks(due)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sla_escalation DROP CONSTRAINT bad")

    assert Clock.objects.filter(lead=good, outcome="missed").exists()
    stuck = Clock.objects.get(lead=bad)
    assert stuck.ended_at is None
    assert stuck.failures == 1
    assert stuck.wake_at == due + timedelta(seconds=2)
    act_on_due_clocks(stuck.wake_at)
    stuck.refresh_from_db()
    assert stuck.outcome == "missed"


def test_policies_go_by_precedence_and_what_they_name():
    make("Any", {"respond": 60 * MINUTE}, precedence=9)
    make("WhatsApp", {"respond": MINUTE}, when=[("channel", "is", "whatsapp")], hours="always", precedence=1)
    world.live(world.rep())

    assert clock_of(world.lead(channel="whatsapp")).policy.name == "WhatsApp"
    assert clock_of(world.lead(channel="email")).policy.name == "Any"
