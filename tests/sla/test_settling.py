"""Who acts after the deadline and before the pulse has missed it all the same: recorded and told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.assignments import ownership
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Escalation, Policy
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.teams.models import Rep
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def ben() -> Rep:
    return world.rep("Ben", team=world.team(away_after=1))


@pytest.fixture
def ann(ben) -> Rep:
    """Her lead is due in ten minutes; then she and the manager are told, and it moves on."""
    ann = world.rep("Ann", team=ben.team)
    make(
        "Ten",
        {"accept": 5 * MINUTE, "respond": 10 * MINUTE},
        hours="always",
        reminders=[50],
        ladder=["notify", "next", ("raise", 5 * MINUTE)],
        ladders={"accept": ["raise"]},
    )
    world.live(ann, world.pool(ben))
    return ann


def lead_of(rep: Rep) -> Lead:
    lead = world.lead()
    lead.refresh_from_db()
    assert lead.owner_id == rep.pk
    return lead


def steps(kind: str) -> list[str]:
    """Of the first clock of its kind."""
    clock = Clock.objects.filter(kind=kind).earliest("pk")
    return list(Escalation.objects.filter(clock=clock).order_by("pk").values_list("step", flat=True))


def bodies(kind: str = "breach") -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("body", flat=True))


def decline(lead, ann, ben, at):
    ownership.decline(lead_id=lead.pk, by=ann.user, reason="No time", now=at)


def respond(lead, ann, ben, at):
    ownership.respond(lead_id=lead.pk, by=ann.user, now=at)


def close(lead, ann, ben, at):
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=at)


def reassign(lead, ann, ben, at):
    ops = world.user(role="ops")
    ownership.reassign(lead_id=lead.pk, to=ben, by=ops, reason="Knows them", now=at)


ACTS = {
    decline: "The lead went to Ben.",
    reassign: "The lead went to Ben.",
    respond: "That has been done since.",
    close: "The lead is closed now.",
}


@pytest.mark.parametrize("act", ACTS)
def test_the_breach_is_recorded_once_with_all_that_follows_at_once(ann, ben, act):
    lead = lead_of(ann)
    clock = Clock.objects.get(kind="respond")
    at = clock.due_at + SECOND
    act(lead, ann, ben, at)
    for later in (SECOND, MINUTE, 9 * MINUTE):
        act_on_due_clocks(at + later)

    clock.refresh_from_db()
    assert (clock.outcome, clock.ended_at, clock.wake_at) == ("missed", at, None)
    assert steps("respond") == ["breach", "notify 1"], (
        "Nothing moves it any more, nor is anything raised later."
    )
    assert steps("accept")[:2] == ["breach", "raise 1"]
    told = [one for one in bodies() if "did not answer" in one]
    assert len(told) == 2
    assert all(one.endswith(ACTS[act]) for one in told), told
    ann.refresh_from_db()
    assert ann.presence == "away", "A miss counts, however it is found."


@pytest.mark.parametrize("act", ACTS)
def test_in_time_nothing_is_recorded(ann, ben, act):
    lead = lead_of(ann)
    Clock.objects.filter(kind="accept").update(wake_at=None)
    act(lead, ann, ben, Clock.objects.get(kind="respond").due_at)
    assert steps("respond") == []
    ann.refresh_from_db()
    assert ann.presence == "available"


def test_accepted_too_late(ann):
    lead = lead_of(ann)
    clock = Clock.objects.get(kind="accept")
    for late in (1, 2):
        ownership.accept(lead_id=lead.pk, by=ann.user, now=clock.due_at + late * SECOND)
        act_on_due_clocks(clock.due_at + 3 * SECOND)
    assert steps("accept") == ["breach", "raise 1"]
    assert [one for one in bodies() if one.endswith("That has been done since.")] == bodies()


def test_the_pulse_was_faster(ann, ben):
    lead = lead_of(ann)
    clock = Clock.objects.get(kind="respond")
    act_on_due_clocks(clock.due_at + SECOND)
    ownership.decline(lead_id=lead.pk, by=ben.user, reason="No time", now=clock.due_at + MINUTE)
    assert steps("respond") == ["breach", "notify 1", "next 2"]


def test_a_follow_up_that_the_prospect_has_waited_for_in_vain(ann):
    make("Follow up", {"respond": MINUTE, "follow_up": MINUTE}, hours="always", ladder=["notify"])
    Policy.objects.filter(name="Ten").delete()
    lead = lead_of(ann)
    start = Clock.objects.get(kind="respond").started_at
    ownership.respond(lead_id=lead.pk, by=ann.user, now=start + SECOND)
    follow_up = Clock.objects.get(kind="follow_up")
    Activity.objects.create(lead=lead, kind="reply", at=follow_up.due_at + SECOND, text="Hello?")
    follow_up.refresh_from_db()
    assert follow_up.outcome == "missed"
    assert steps("follow_up") == ["breach", "notify 1"]
    assert bodies()[0].endswith("The prospect has written again.")
