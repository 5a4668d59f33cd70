"""Reps take the next lead of a queue: in turn, each another, within their limits."""

from datetime import UTC, date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Decision, Load
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.stories import story
from leadrouting.assignments.taking import SecondClick, latest_take, lines, take_next
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Absence, Queue, Rep
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team():
    return world.team()


@pytest.fixture
def ann(team) -> Rep:
    return world.rep("Ann", team=team)


@pytest.fixture
def triage(team) -> Queue:
    """Every lead waits here for somebody of Ann's team."""
    queue = world.queue()
    queue.teams.add(team)
    world.live(queue)
    make("An hour", {"respond": timedelta(hours=1)}, hours="always")
    return queue


def take(queue, rep, **options) -> Lead:
    now = options.pop("now", None) or timezone.now()
    outcome = take_next(queue_id=queue.pk, by=rep.user, now=now, **options)
    return Lead.objects.get(pk=outcome.lead)


def test_urgent_first_then_oldest(triage, ann):
    for name, priority in [("first", "normal"), ("second", "normal"), ("urgent", "urgent")]:
        world.lead(name=name, priority=priority)

    assert [take(triage, ann).name for _ in range(3)] == ["urgent", "first", "second"]
    with pytest.raises(Refused, match="Nothing waits"):
        take(triage, ann)


def test_a_taken_lead_is_assigned_counted_timed_and_told(triage, ann):
    world.lead()
    lead = take(triage, ann)

    assert (lead.owner, lead.queue, lead.status, lead.queued_at) == (ann, None, "assigned", None)
    assert Load.objects.get(rep=ann).open == 1
    assert Clock.objects.get(lead=lead).rep == ann
    assert not Message.objects.filter(recipient=ann.user).exists(), "who takes a lead knows"
    decision = Decision.objects.filter(lead=lead).first()
    assert decision.cause == "take" and decision.actor == ann.user
    said = "Ann took it from queue “Triage”: it was the next in turn."
    assert sentences([decision])[decision.pk] == said
    assert explanation(decision) == [said]
    told = story(decision)
    assert told.sentence == said and told.rules == []
    assert list(differences(Decision.objects.all())) == []


def test_a_second_click_takes_no_second_lead(triage, ann):
    world.lead()
    world.lead()
    assert latest_take(ann.user, timezone.now()) is None
    first = take(triage, ann, after=0)
    with pytest.raises(SecondClick, match="just taken") as again:
        take(triage, ann, after=0)
    assert again.value.lead == first.pk
    take(triage, ann, after=latest_take(ann.user, timezone.now()).pk)
    assert Lead.objects.filter(owner=ann).count() == 2


def test_who_has_passed_on_a_lead_does_not_get_it_again(triage, ann, team):
    ben = world.rep("Ben", team=team)
    world.lead()
    lead = take(triage, ann)
    ownership.decline(lead_id=lead.pk, by=ann.user, reason="No", now=timezone.now())
    lead.refresh_from_db()
    assert lead.queue == triage
    assert [one.waiting for one in lines(ann.user)] == [0]
    with pytest.raises(Refused, match="Nothing waits"):
        take(triage, ann)
    assert take(triage, ben) == lead


class TestWhoMay:
    def test_reps_of_other_teams_may_not(self, triage, ann):
        world.lead()
        stranger = world.rep()
        assert lines(stranger.user) == []
        with pytest.raises(NotYours, match="not open to your team"):
            take(triage, stranger)

    def test_who_is_no_rep_may_not(self, triage, team):
        world.lead()
        for user in (team.manager, triage.owner):
            assert lines(user) == []
            with pytest.raises(NotYours, match="Only reps"):
                take_next(queue_id=triage.pk, by=user, now=timezone.now())

    def test_a_queue_that_is_open_to_nobody(self, triage, ann):
        triage.teams.clear()
        with pytest.raises(NotYours, match="Sales ops can open it"):
            take(triage, ann)

    def test_its_owner_may(self, ann):
        world.live(queue := world.queue(owner=ann.user))
        world.lead()
        assert take(queue, ann).owner == ann

    @pytest.mark.parametrize(("presence", "match"), [("away", "set to away"), ("busy", "set to busy")])
    def test_who_is_not_there_says_so_first(self, triage, ann, presence, match):
        world.lead()
        Rep.objects.filter(pk=ann.pk).update(presence=presence)
        with pytest.raises(Refused, match=match):
            take(triage, ann)
        assert Lead.objects.get().queue == triage

    def test_who_is_out_of_office(self, triage, ann):
        world.lead()
        Absence.objects.create(rep=ann, first_day=date(2020, 1, 1), last_day=date(2100, 1, 1))
        with pytest.raises(Refused, match="out of office"):
            take(triage, ann)

    @pytest.mark.parametrize(
        ("cap", "match"), [("max_open", "open leads as you may"), ("max_day", "today as you may")]
    )
    def test_who_is_full(self, triage, ann, cap, match):
        Rep.objects.filter(pk=ann.pk).update(**{cap: 1})
        world.lead()
        world.lead()
        take(triage, ann)
        before = Decision.objects.count()
        with pytest.raises(Refused, match=match):
            take(triage, ann)
        assert Lead.objects.filter(queue=triage).count() == 1
        assert Decision.objects.count() == before, "a refusal leaves nothing behind"


def test_without_live_rules_nothing_can_be_taken(ann):
    queue = world.queue()
    queue.teams.add(ann.team)
    with pytest.raises(Refused, match="Nothing waits"):
        take(queue, ann)


def at_once(calls) -> list[object]:
    """What each call returned or raised; all begin together, each on a connection of its own."""
    gate, found = Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            gate.wait()
            found[number] = call()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_twenty_reps_at_once_get_twenty_leads(triage, team):
    crew = world.reps(20, team=team)
    for _ in range(20):
        world.lead()
    taken = at_once([lambda rep=rep: take(triage, rep).pk for rep in crew])

    assert len(set(taken)) == 20 and all(isinstance(one, int) for one in taken), taken
    assert {load.open for load in Load.objects.filter(rep__in=crew)} == {1}


def test_twenty_reps_for_five_leads(triage, team):
    crew = world.reps(20, team=team)
    for _ in range(5):
        world.lead()
    taken = at_once([lambda rep=rep: take(triage, rep).pk for rep in crew])
    assert len({one for one in taken if isinstance(one, int)}) == 5
    assert [str(one)[:13] for one in taken if not isinstance(one, int)] == ["Nothing waits"] * 15


def test_one_rep_who_clicks_five_times_gets_one(triage, ann):
    for _ in range(5):
        world.lead()
    at_once([lambda: take(triage, ann, after=0)] * 5)
    assert Lead.objects.filter(owner=ann).count() == 1


def test_a_cap_holds_under_many_clicks(triage, ann):
    Rep.objects.filter(pk=ann.pk).update(max_open=2)
    for _ in range(5):
        world.lead()
    at_once([lambda: take(triage, ann)] * 5)
    assert Lead.objects.filter(owner=ann).count() == 2
    assert Load.objects.get(rep=ann).open == 2


def test_now_is_that_of_the_caller(triage, ann):
    world.lead()
    when = timezone.now().astimezone(UTC) + timedelta(minutes=3)
    take(triage, ann, now=when)
    assert Decision.objects.first().decided_at == when
