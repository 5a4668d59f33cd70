"""What owners say of their leads, and what managers answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from leadrouting.assignments import judging, ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.figures import figures_of
from leadrouting.assignments.models import Assignment, Dispute, Feedback
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Rep, User
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
    world.live(world.pool(ann), name="Everything")
    return Lead.objects.get(pk=world.lead(name="Jane Doe").pk)


def now():
    return timezone.now()


def disagree(lead, by, reason="Wrong language", **said) -> Dispute:
    return judging.disagree(lead_id=lead.pk, by=by.user, reason=reason, now=now(), **said)


def settle(lead, by, *, right=True, **said) -> Dispute:
    return judging.settle(lead_id=lead.pk, by=by, right=right, now=now(), **said)


def test_the_last_word_about_the_fit_counts(lead, ann):
    judging.rate(lead_id=lead.pk, by=ann.user, fit=5, now=now())
    judging.rate(lead_id=lead.pk, by=ann.user, fit=2, reason="  Too small ", now=now())
    said = Feedback.objects.get()
    assert (said.fit, said.reason, said.assignment.rep) == (2, "Too small", ann)
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=now())
    judging.rate(lead_id=lead.pk, by=ann.user, fit=1, reason="Junk", now=now())
    assert Feedback.objects.get().fit == 1
    judging.unrate(lead_id=lead.pk, by=ann.user)
    judging.unrate(lead_id=lead.pk, by=ann.user)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("fit", "reason", "why"), [(0, "x", "from 1"), (6, "x", "from 1"), (2, " ", "Say why it does not fit")]
)
def test_a_fit_is_from_1_to_5_and_a_bad_one_has_a_reason(lead, ann, fit, reason, why):
    with pytest.raises(Refused, match=why):
        judging.rate(lead_id=lead.pk, by=ann.user, fit=fit, reason=reason, now=now())
    with pytest.raises(IntegrityError):
        Feedback.objects.create(assignment=lead.assignments.get(), fit=fit, reason=reason.strip(), at=now())


def test_only_the_owner_says_either(lead, ann, boss):
    for other in (world.rep("Bob", team=ann.team).user, boss, world.user("Olga", role="ops")):
        with pytest.raises(NotYours):
            judging.rate(lead_id=lead.pk, by=other, fit=3, now=now())
        with pytest.raises(NotYours):
            judging.disagree(lead_id=lead.pk, by=other, reason="x", now=now())


def test_a_dispute_moves_nothing_and_goes_to_the_manager_once(lead, ann, boss):
    due = Clock.objects.get().due_at
    made = disagree(lead, ann, rather="Ben of Iberia")
    assert (made.rule_name, made.rule_id) == ("Everything", lead.decisions.get().rule_id)
    lead.refresh_from_db()
    assert (lead.owner, Clock.objects.get().ended_at, Clock.objects.get().due_at) == (ann, None, due)
    told = Message.objects.get(kind="dispute")
    assert (told.recipient, told.lead) == (boss, lead)
    assert told.subject == "Ann says that Jane Doe should be somebody else’s"
    assert "Ann says: Wrong language\nIt should be with: Ben of Iberia\nIt came by the rule" in told.body
    with pytest.raises(Refused, match="You have said so already"):
        disagree(lead, ann)
    with pytest.raises(Refused, match="Say why"):
        disagree(lead, ann, " ")


def test_it_is_taken_back(lead, ann, boss):
    disagree(lead, ann)
    judging.withdraw(lead_id=lead.pk, by=ann.user, now=now())
    judging.withdraw(lead_id=lead.pk, by=ann.user, now=now())
    assert Dispute.objects.get().state == "withdrawn"
    with pytest.raises(Refused, match="Nothing waits for an answer"):
        settle(lead, boss)
    disagree(lead, ann)
    assert judging.open_for(boss).count() == 1


@pytest.mark.parametrize(
    ("right", "state", "subject"),
    [(True, "right", "Jane Doe is rightly yours"), (False, "noted", "You were right about Jane Doe")],
)
def test_the_manager_answers_and_the_owner_hears_of_it(lead, ann, boss, right, state, subject):
    disagree(lead, ann)
    settled = settle(lead, boss, right=right, answer="They speak German")
    assert (settled.state, settled.settled_by) == (state, boss)
    told = Message.objects.get(kind="dispute", recipient=ann.user)
    assert told.subject == subject and told.body.endswith("\nThey speak German")
    with pytest.raises(Refused):
        settle(lead, boss)


def test_only_who_answers_for_the_owner_settles(lead, ann, boss):
    disagree(lead, ann)
    others = (
        world.user("Other boss", role=User.Role.MANAGER),
        world.rep("Bob", team=ann.team).user,
        ann.user,
    )
    for other in others:
        with pytest.raises(Refused):
            settle(lead, other)
        assert not judging.open_for(other).exists()
    settle(lead, world.user("Olga", role="ops"))


def test_when_the_lead_moves_on_nobody_is_asked_any_more(lead, ann, boss):
    disagree(lead, ann)
    bob = world.rep("Bob", team=ann.team)
    ownership.reassign(lead_id=lead.pk, to=bob, by=boss, reason="As asked", now=now())
    made = Dispute.objects.get()
    assert (made.state, made.settled_at) == ("moved", made.assignment.ended_at)
    assert not judging.open_for(boss).exists()
    disagree(lead, bob)
    assert judging.open_for(boss).get().assignment.rep == bob


def test_of_many_at_once_one_is_open(lead, ann):
    told: list[str] = []

    def click(_: int) -> None:
        try:
            disagree(lead, ann)
        except Refused as refusal:
            told.append(str(refusal))

    in_threads(click, range(8))
    assert len(told) == 7 and Dispute.objects.count() == 1
    with pytest.raises(IntegrityError):
        Dispute.objects.create(assignment=Assignment.objects.get(), reason="x", made_at=now())


def test_what_reps_and_rules_are_told_is_counted(lead, ann, boss, django_assert_num_queries):
    rule = lead.decisions.get().rule_id
    judging.rate(lead_id=lead.pk, by=ann.user, fit=5, now=now())
    disagree(lead, ann)
    judging.withdraw(lead_id=lead.pk, by=ann.user, now=now())
    disagree(lead, ann)
    other = Lead.objects.get(pk=world.lead().pk)
    judging.rate(lead_id=other.pk, by=ann.user, fit=2, reason="Small", now=now())
    since, until = now() - timedelta(days=1), now() + timedelta(minutes=1)
    with django_assert_num_queries(2):
        found = judging.by_rep([ann.pk, 0], since, until)
    assert found == {ann.pk: judging.Judged(3.5, 2, 1)}
    assert figures_of([rule], since=since, now=until)[rule].disputed == 1
    assert judging.by_rep([ann.pk], until, until) == {}
