"""What people do with a lead, and what they are told when they cannot."""

from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.meanwhile import as_seen
from leadrouting.assignments.models import Assignment, Load
from leadrouting.leads.models import Lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team():
    return world.team()


@pytest.fixture
def ann(team):
    return world.rep("Ann", team=team)


@pytest.fixture
def ben(team):
    return world.rep("Ben", team=team)


@pytest.fixture
def lead(ann, ben) -> Lead:
    """Ann's: she is first in the pool."""
    make("An hour", {"respond": timedelta(hours=1)})
    world.live(world.pool(ann, ben))
    lead = world.lead()
    lead.refresh_from_db()
    assert lead.owner == ann
    return lead


def now():
    return timezone.now()


def load(rep) -> int:
    return Load.objects.get(rep=rep).open


def test_accept(lead, ann):
    ownership.accept(lead_id=lead.pk, by=ann.user, now=now())
    ownership.accept(lead_id=lead.pk, by=ann.user, now=now())

    lead.refresh_from_db()
    assert lead.status == "accepted"
    assert lead.activities.filter(kind="accepted").count() == 1


def test_a_declined_lead_moves_on_with_its_reason(lead, ann, ben):
    outcome = ownership.decline(lead_id=lead.pk, by=ann.user, reason="Not my language", now=now())

    lead.refresh_from_db()
    assert outcome is not None
    assert lead.owner == ben
    assert lead.status == "assigned"
    assert (load(ann), load(ben)) == (0, 1)
    first, second = Assignment.objects.filter(lead=lead).order_by("started_at")
    assert first.end == "declined"
    assert first.ended_at == second.started_at
    assert Clock.objects.get(assignment=first).outcome == "cancelled"
    assert Clock.objects.get(assignment=second).outcome == ""


def test_declined_by_everybody_it_waits_in_the_catch_all(lead, ann, ben):
    ownership.decline(lead_id=lead.pk, by=ann.user, reason="No", now=now())
    ownership.decline(lead_id=lead.pk, by=ben.user, reason="No", now=now())

    lead.refresh_from_db()
    assert lead.owner is None
    assert lead.queue is not None
    assert lead.route_at is not None
    assert (load(ann), load(ben)) == (0, 0)


def test_declining_needs_a_reason(lead, ann):
    with pytest.raises(Refused, match="Say why"):
        ownership.decline(lead_id=lead.pk, by=ann.user, reason="  ", now=now())
    assert lead.activities.count() == 0


def test_a_response_meets_the_clock(lead, ann):
    ownership.respond(lead_id=lead.pk, by=ann.user, text="Called back", now=now())

    lead.refresh_from_db()
    clock = Clock.objects.get(lead=lead)
    assert lead.status == "contacted"
    assert clock.outcome == "met"
    assert Assignment.objects.get(lead=lead).responded_at == clock.ended_at


def test_a_late_response_is_a_miss(lead, ann):
    ownership.respond(lead_id=lead.pk, by=ann.user, now=now() + timedelta(hours=2))

    assert Clock.objects.get(lead=lead).outcome == "missed"


def test_somebody_elses_lead_is_refused(lead, ann, ben):
    for act in (ownership.accept, ownership.respond):
        with pytest.raises(NotYours, match="not yours: somebody else owns it"):
            act(lead_id=lead.pk, by=ben.user, now=now())
    ownership.decline(lead_id=lead.pk, by=ann.user, reason="Not mine", now=now())
    with pytest.raises(NotYours, match="not yours any more"):
        ownership.accept(lead_id=lead.pk, by=ann.user, now=now())


def test_a_manager_reassigns_inside_the_team_only(lead, ann, ben, team):
    stranger = world.rep("Cy")
    with pytest.raises(NotYours, match="not in your team"):
        ownership.reassign(lead_id=lead.pk, to=stranger, by=team.manager, reason="Knows them", now=now())
    with pytest.raises(Refused, match="Say why"):
        ownership.reassign(lead_id=lead.pk, to=ben, by=team.manager, reason="", now=now())
    with pytest.raises(Refused, match="already"):
        ownership.reassign(lead_id=lead.pk, to=ann, by=team.manager, reason="Again", now=now())
    with pytest.raises(NotYours):
        ownership.reassign(lead_id=lead.pk, to=ben, by=ben.user, reason="Mine", now=now())

    ownership.reassign(lead_id=lead.pk, to=ben, by=team.manager, reason="Speaks German", now=now())
    lead.refresh_from_db()
    assert lead.owner == ben


def test_a_reassignment_by_hand_passes_caps_and_says_so(lead, ann, ben):
    ben.max_open = 0
    ben.save()
    ops = world.user(role=User.Role.OPS)
    ownership.reassign(lead_id=lead.pk, to=ben, by=ops, reason="Knows them", now=now())

    decision = lead.decisions.first()
    assert decision.passed_cap
    assert decision.rep == ben
    assert load(ben) == 1


def test_won_needs_revenue_and_frees_capacity(lead, ann):
    with pytest.raises(Refused, match="revenue"):
        ownership.close(lead_id=lead.pk, by=ann.user, outcome="won", now=now())
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="won", revenue=Decimal("1200.50"), now=now())

    lead.refresh_from_db()
    assert lead.revenue == Decimal("1200.50")
    assert lead.closed_at is not None
    assert load(ann) == 0
    assert Clock.objects.get(lead=lead).outcome == "cancelled"
    with pytest.raises(Refused, match="closed already"):
        ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=now())


def test_nothing_remains_of_a_refused_decline(lead, ann):
    """When the timeline cannot be written, the lead does not move."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE leads_activity ADD CONSTRAINT no_notes CHECK (false) NOT VALID")
    try:
        with pytest.raises(Exception, match="no_notes"):
            ownership.decline(lead_id=lead.pk, by=ann.user, reason="No", now=now())
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE leads_activity DROP CONSTRAINT no_notes")
    lead.refresh_from_db()
    assert lead.owner == ann
    assert lead.decisions.count() == 1


def test_who_waited_for_somebody_elses_move_reads_who_has_the_lead_now():
    """PostgreSQL joins a row that it waited for with what it had read before."""
    manager = world.user(role="manager")
    team = world.team(manager=manager)
    ana, ben, cleo = (world.rep(name, team=team) for name in ("Ana", "Ben", "Cleo"))
    world.live(world.pool(ana))
    lead = world.lead(name="Wanted Lead")
    lead.refresh_from_db()
    seen, said = as_seen(lead), []

    def later() -> None:
        try:
            ownership.reassign(
                lead_id=lead.pk, to=cleo, by=manager, reason="Too", now=timezone.now(), seen=seen
            )
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    other = Thread(target=later)
    with transaction.atomic():
        ownership.reassign(lead_id=lead.pk, to=ben, by=manager, reason="First", now=timezone.now())
        other.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with connection.cursor() as cursor:
            waiting = 0
            while not waiting and other.is_alive():
                cursor.execute(waits)
                (waiting,) = cursor.fetchone()
    other.join()
    assert said == ["Wanted Lead has moved meanwhile: Ben has it now. Look at it again before you move it."]
