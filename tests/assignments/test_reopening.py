"""An outcome that is taken back: the lead is as it was, and nothing is won by it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.models import Assignment, Load, Rotation
from leadrouting.assignments.reopening import WITHIN, reopen
from leadrouting.leads.models import Activity, Lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Pool, Rep, User
from tests import world
from tests.assignments.test_concurrency import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss() -> User:
    return world.user("Mira", role=User.Role.MANAGER)


@pytest.fixture
def ann(boss) -> Rep:
    return world.rep("Ann", team=world.team(manager=boss))


@pytest.fixture
def lead(ann) -> Lead:
    make("An hour", {"respond": timedelta(hours=1)}, hours="always")
    world.live(world.pool(ann), catch_all=world.queue(owner=ann.team.manager))
    return again(world.lead())


def again(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def close(lead: Lead, outcome: str = "lost", **values) -> None:
    by = lead.owner.user
    ownership.close(lead_id=lead.pk, by=by, outcome=outcome, now=timezone.now(), **values)


def load(rep) -> int:
    return Load.objects.get(rep=rep).open


@pytest.mark.parametrize("stage", ["assigned", "accepted", "contacted", "meeting"])
def test_the_lead_is_as_it_was(lead, ann, stage):
    acts = {
        "accepted": lambda: ownership.accept(lead_id=lead.pk, by=ann.user, now=timezone.now()),
        "contacted": lambda: ownership.respond(lead_id=lead.pk, by=ann.user, now=timezone.now()),
        "meeting": lambda: ownership.respond(
            lead_id=lead.pk, by=ann.user, now=timezone.now(), kind="meeting"
        ),
    }
    acts.get(stage, lambda: None)()
    close(lead, "won", revenue=Decimal(100))
    assert load(ann) == 0
    reopen(lead_id=lead.pk, by=ann.user, now=timezone.now())
    lead = again(lead)
    assert (lead.status, lead.owner_id, lead.closed_at, lead.revenue, lead.lost_reason) == (
        stage, ann.pk, None, None, "",
    )  # fmt: skip
    assert load(ann) == 1
    assert lead.activities.first().kind == Activity.Kind.UNDONE
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=timezone.now())


def test_the_clock_runs_as_if_it_had_never_ended(lead, ann):
    clock = Clock.objects.get(lead=lead)
    close(lead)
    assert Clock.objects.get().outcome == "cancelled"
    reopen(lead_id=lead.pk, by=ann.user, now=timezone.now() + timedelta(minutes=9))
    running = Clock.objects.get()
    assert (running.ended_at, running.outcome, running.due_at, running.wake_at) == (
        None, "", clock.due_at, clock.wake_at,
    )  # fmt: skip


def test_a_clock_that_was_met_stays_so(lead, ann):
    ownership.respond(lead_id=lead.pk, by=ann.user, now=timezone.now())
    close(lead)
    reopen(lead_id=lead.pk, by=ann.user, now=timezone.now())
    assert Clock.objects.get().outcome == "met"


def test_who_closed_it_has_ten_minutes_and_the_manager_all_the_time(lead, ann, boss):
    close(lead)
    late = timezone.now() + WITHIN + timedelta(seconds=1)
    with pytest.raises(NotYours, match=r"more than 10 minutes ago\. Ask your manager"):
        reopen(lead_id=lead.pk, by=ann.user, now=late)
    reopen(lead_id=lead.pk, by=boss, now=late + timedelta(days=90))
    assert again(lead).is_open


def test_nobody_else_may(lead, ann):
    close(lead)
    others = (
        world.rep("Bob", team=ann.team).user,
        world.user("Other boss", role=User.Role.MANAGER),
        world.user("Service", role=User.Role.SERVICE),
    )
    for other in others:
        with pytest.raises(NotYours, match="Only whoever closed a lead"):
            reopen(lead_id=lead.pk, by=other, now=timezone.now())
    assert not again(lead).is_open


def test_what_the_manager_closed_its_owner_cannot_take_back(lead, ann, boss):
    ownership.close(lead_id=lead.pk, by=boss, outcome="junk", now=timezone.now())
    with pytest.raises(NotYours):
        reopen(lead_id=lead.pk, by=ann.user, now=timezone.now())


def test_what_is_open_or_gone_is_refused(lead, ann):
    with pytest.raises(Refused, match="open already"):
        reopen(lead_id=lead.pk, by=ann.user, now=timezone.now())
    with pytest.raises(Refused, match="does not exist any more"):
        reopen(lead_id=0, by=ann.user, now=timezone.now())


def test_the_turn_that_junk_gave_back_is_paid_again(ann):
    ben = world.rep("Ben", team=ann.team)
    pool = world.pool(ann, ben)
    world.live(pool)
    Pool.objects.filter(pk=pool.pk).update(gives_back="declined_junk")
    lead = again(world.lead())

    def books() -> tuple[int, list[int]]:
        row = Rotation.objects.get(pool=pool)
        return row.rest, row.credits

    before = books()
    close(lead, "junk")
    assert books() != before
    reopen(lead_id=lead.pk, by=lead.owner.user, now=timezone.now())
    assert books() == before


def test_when_its_owner_has_left_the_rules_find_another(lead, ann, boss):
    ben = world.rep("Ben", team=ann.team)
    close(lead)
    world.live(world.pool(ben), name="Everything now")
    Rep.objects.filter(pk=ann.pk).update(is_active=False)
    reopen(lead_id=lead.pk, by=boss, now=timezone.now())
    lead = again(lead)
    assert (lead.owner_id, lead.is_open) == (ben.pk, True)
    assert [one.rep_id for one in Assignment.objects.filter(lead=lead, ended_at=None)] == [ben.pk]
    assert (load(ben), load(ann)) == (1, 0)


def test_what_lay_in_a_queue_lies_there_again(boss):
    queue = world.queue(owner=boss)
    world.live(queue)
    lead = again(world.lead())
    assert lead.queue_id == queue.pk
    ownership.close(lead_id=lead.pk, by=boss, outcome="junk", now=timezone.now())
    reopen(lead_id=lead.pk, by=boss, now=timezone.now())
    lead = again(lead)
    assert (lead.status, lead.queue_id, lead.owner) == ("queued", queue.pk, None)


def test_two_clicks_at_once_open_it_once(lead, ann):
    close(lead)
    told: list[str] = []

    def click(_: int) -> None:
        try:
            reopen(lead_id=lead.pk, by=ann.user, now=timezone.now())
            told.append("opened")
        except Refused as refusal:
            told.append(str(refusal))

    in_threads(click, range(8))
    assert sorted(told) == sorted(["opened"] + ["This lead is open already."] * 7)
    assert load(ann) == 1
    assert Activity.objects.filter(lead=lead, kind=Activity.Kind.UNDONE).count() == 1
