"""Who misses deadline after deadline is set away by the system: once, and told so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections

from leadrouting.assignments.explaining import explanation
from leadrouting.assignments.models import Decision
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.sla.services import act, act_on_due_clocks
from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import Absence, PresenceChange, Rep, Team
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

Presence, Cause = Rep.Presence, PresenceChange.Cause
MINUTE = timedelta(minutes=1)


@pytest.fixture
def priya() -> Rep:
    """The only one who gets leads; Tom is there for what moves on."""
    make("Ten minutes", {"respond": 10 * MINUTE}, hours="always", max_reassignments=0)
    rep = world.rep("Priya Raghunathan", team=world.team(), time_zone="Asia/Kolkata")
    rep.user.time_zone = "Asia/Kolkata"
    rep.user.save()
    world.live(rep)
    return rep


def missed(number: int) -> None:
    """So many leads come and are not answered, one deadline after the other."""
    for _ in range(number):
        lead = world.lead()
        act_on_due_clocks(Clock.objects.get(lead=lead).due_at)


def presence(rep: Rep) -> str:
    return Rep.objects.values_list("presence", flat=True).get(pk=rep.pk)


def test_three_in_a_row_and_everybody_is_told(priya):
    missed(2)
    assert presence(priya) == Presence.AVAILABLE
    missed(1)
    assert presence(priya) == Presence.AWAY
    change = PresenceChange.objects.get()
    assert (change.cause, change.by, change.reason) == (Cause.SYSTEM, None, "Three deadlines missed in a row")
    to_rep, to_manager = Message.objects.filter(kind="away").order_by("pk")
    at = change.at + timedelta(hours=5, minutes=30)
    assert to_rep.recipient_id == priya.pk
    assert to_rep.body == (
        f"You were set away at {at:%H:%M} because three deadlines in a row were missed. "
        "New leads go to others until you say that you are available."
    )
    assert to_manager.recipient_id == priya.team.manager_id
    assert "Priya Raghunathan was set away" in to_manager.subject


def test_the_next_lead_goes_elsewhere_and_says_why(priya):
    tom = world.rep("Tom Dvorak")
    world.live(world.pool(priya), world.pool(tom))
    missed(3)
    lead = world.lead()
    assert Lead.objects.get(pk=lead.pk).owner_id == tom.pk
    said = str(explanation(Decision.objects.get(lead=lead)))
    assert "Priya Raghunathan" in said and "away" in said.lower()


def test_an_answer_between_breaks_the_row(priya):
    missed(2)
    met = Clock.objects.get(lead=world.lead())
    Clock.objects.filter(pk=met.pk).update(outcome="met", ended_at=met.started_at, wake_at=None)
    Clock.objects.filter(pk=met.pk).update(ended_at=met.due_at)
    missed(2)
    assert presence(priya) == Presence.AVAILABLE


def test_who_comes_back_begins_anew(priya):
    missed(3)
    now = PresenceChange.objects.get().at + MINUTE
    set_presence(rep_id=priya.pk, presence=Presence.AVAILABLE, cause=Cause.SELF, by=priya.user, now=now)
    missed(0)
    for _ in range(2):
        clock = Clock.objects.get(lead=world.lead())
        act_on_due_clocks(max(clock.due_at, now + MINUTE))
    assert presence(priya) == Presence.AVAILABLE
    clock = Clock.objects.get(lead=world.lead())
    act_on_due_clocks(max(clock.due_at, now + 2 * MINUTE))
    assert presence(priya) == Presence.AWAY
    assert Message.objects.filter(kind="away").count() == 4


def test_never_where_the_team_says_so(priya):
    Team.objects.update(away_after=0)
    missed(4)
    assert presence(priya) == Presence.AVAILABLE


@pytest.mark.parametrize("absent", [True, False])
def test_who_is_busy_or_absent_is_left_alone(priya, absent):
    leads = [world.lead() for _ in range(3)]
    if absent:
        Absence.objects.create(rep=priya, first_day=date(2020, 1, 1), last_day=date(2100, 1, 1))
    else:
        Rep.objects.update(presence=Presence.BUSY)
    for lead in leads:
        act_on_due_clocks(Clock.objects.get(lead=lead).due_at)
    assert presence(priya) == (Presence.AVAILABLE if absent else Presence.BUSY)
    assert not PresenceChange.objects.exists() and not Message.objects.filter(kind="away").exists()


def test_two_misses_at_once_act_once(priya):
    Team.objects.update(away_after=4)
    clocks = [Clock.objects.get(lead=world.lead()) for _ in range(8)]
    latest = max(clock.due_at for clock in clocks)

    def miss(clock: Clock) -> None:
        try:
            act(clock.pk, clock.lead_id, latest)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as sweeps:
        list(sweeps.map(miss, clocks))
    assert Clock.objects.filter(outcome="missed").count() == 8
    assert presence(priya) == Presence.AWAY
    assert PresenceChange.objects.count() == 1
    assert Message.objects.filter(kind="away").count() == 2
