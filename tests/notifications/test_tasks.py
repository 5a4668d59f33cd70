"""What is to be done for a lead, by when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.reopening import reopen
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Event, Message, Task, Workflow
from leadrouting.notifications.spreading import spread_due
from leadrouting.notifications.todo import making
from leadrouting.notifications.todo.reminding import remind_due
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ann():
    rep = world.rep("Ann")
    world.live(world.pool(rep), name="Everything")
    campaign = Campaign.objects.create(key="spring", name="Spring")
    Workflow.objects.create(
        campaign=campaign,
        gives_task=True,
        task_title="Call {name} of {company}",
        task_within=timedelta(hours=2),
    )
    return rep


def ask(**values) -> Lead:
    given = {"name": "Jane Doe", "company": "Acme", "email": "jane@x.example", "campaign": "spring", **values}
    lead = receive_lead(now=timezone.now(), lenient=True, **given).lead
    spread_due(timezone.now())
    lead.refresh_from_db()
    return lead


def test_an_assignment_makes_one_task_with_a_due_time(ann):
    lead = ask()
    task = Task.objects.get()
    held = lead.assignments.get()
    assert (task.title, task.assignment_id, task.made_by) == ("Call Jane Doe of Acme", held.pk, "assignment")
    assert task.due_at == task.remind_at == held.started_at + timedelta(hours=2)
    Event.objects.update(spread_at=None)  # handed on again after a crash
    spread_due(timezone.now())
    assert Task.objects.count() == 1
    with pytest.raises(IntegrityError):
        Task.objects.create(
            lead=lead,
            title="Twice",
            due_at=task.due_at,
            made_by="assignment",
            assignment=held,
            created_at=task.created_at,
        )


def test_a_campaign_that_asks_for_none_gets_none(ann):
    Workflow.objects.update(gives_task=False)
    ask()
    assert not Task.objects.exists()


def test_a_new_owner_gets_a_new_one_and_keeps_what_was_written_down(ann):
    bob, ops, lead = world.rep("Bob"), world.user("Olga", role="ops"), ask()
    now = timezone.now()
    making.add(
        lead_id=lead.pk, by=ann.user, title="Send the price list", due_at=now + timedelta(days=1), now=now
    )
    ownership.reassign(lead_id=lead.pk, to=bob, by=ops, reason="Holiday", now=timezone.now())
    spread_due(timezone.now())
    first, second = Task.objects.filter(made_by="assignment").order_by("id")
    assert (first.dropped_because, first.remind_at) == ("Somebody else has the lead.", None)
    assert second.is_open
    assert Task.objects.get(made_by="person").is_open
    with pytest.raises(NotYours):
        making.tick(lead_id=lead.pk, task_id=second.pk, by=ann.user, now=now)
    assert making.tick(lead_id=lead.pk, task_id=second.pk, by=bob.user, now=now).done_by == bob.user


def test_a_closed_lead_needs_none(ann):
    lead = ask()
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=timezone.now(), reason="No budget")
    spread_due(timezone.now())
    task = Task.objects.get()
    assert (task.is_open, task.dropped_because) == (False, "The lead was closed.")
    now = timezone.now()
    for act in (
        lambda: making.tick(lead_id=lead.pk, task_id=task.pk, by=ann.user, now=now),
        lambda: making.add(lead_id=lead.pk, by=ann.user, title="x", due_at=now + timedelta(days=1), now=now),
    ):
        with pytest.raises(Refused):
            act()


def test_when_the_outcome_is_taken_back_what_was_dropped_is_to_be_done_again(ann):
    lead, now = ask(), timezone.now()
    done = making.add(lead_id=lead.pk, by=ann.user, title="Done", due_at=now + timedelta(days=1), now=now)
    making.tick(lead_id=lead.pk, task_id=done.pk, by=ann.user, now=now)
    ownership.close(lead_id=lead.pk, by=ann.user, outcome="lost", now=timezone.now())
    spread_due(timezone.now())
    reopen(lead_id=lead.pk, by=ann.user, now=timezone.now())
    spread_due(timezone.now())
    task = Task.objects.get(made_by="assignment")
    assert (task.is_open, task.dropped_because, task.remind_at) == (True, "", task.due_at)
    assert Task.objects.get(pk=done.pk).done_at == now


def test_its_owner_is_told_once_when_it_is_due(ann):
    lead = ask()
    task = Task.objects.get()
    assert remind_due(task.due_at - timedelta(seconds=1)) == 0
    assert remind_due(task.due_at) == 1
    assert remind_due(task.due_at) == 0
    told = Message.objects.get(kind="task")
    assert (told.recipient, told.lead) == (ann.user, lead)
    now = task.due_at + timedelta(minutes=1)
    making.put_off(lead_id=lead.pk, task_id=task.pk, by=ann.user, due_at=now + timedelta(hours=1), now=now)
    assert remind_due(now + timedelta(hours=1)) == 1
    assert Message.objects.filter(kind="task").count() == 2


def test_what_is_done_reminds_nobody_until_it_is_taken_back(ann):
    lead, task = ask(), Task.objects.get()
    now = timezone.now()
    for _ in range(2):  # a second click
        making.tick(lead_id=lead.pk, task_id=task.pk, by=ann.user, now=now)
    assert remind_due(task.due_at) == 0
    making.untick(lead_id=lead.pk, task_id=task.pk, by=ann.user, now=now)
    assert remind_due(task.due_at) == 1


@pytest.mark.parametrize("days", [-1, 0, 731])
def test_a_time_that_makes_no_sense_is_refused(ann, days):
    lead, now = ask(), timezone.now()
    with pytest.raises(Refused):
        making.add(lead_id=lead.pk, by=ann.user, title="x", due_at=now + timedelta(days=days), now=now)


def test_many_assignments_cost_what_one_does(ann, django_assert_max_num_queries):
    for number in range(12):
        receive_lead(
            now=timezone.now(),
            lenient=True,
            name=f"N{number}",
            email=f"n{number}@x.example",
            campaign="spring",
        )
    with django_assert_max_num_queries(26):
        spread_due(timezone.now())
    assert Task.objects.count() == 12
