"""Tasks, made, done and moved by people. All instants are UTC.

Each is one transaction. A second click changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from leadrouting.assignments.errors import Refused
from leadrouting.notifications.models import Task
from leadrouting.notifications.theirs import theirs
from leadrouting.teams.models import User

NOT_THEIRS = "Tasks are for the lead's owner, the team's manager and sales ops."
HOLES = ("name", "company", "product")
LONGEST = timedelta(days=730)
ECHO = timedelta(seconds=10)
"""The same task by the same person within this time is a second click."""


@transaction.atomic
def add(*, lead_id: int, by: User, title: str, due_at: datetime, now: datetime, note: str = "") -> Task:
    """For the owner of the lead, the team's manager and sales ops. Raises Refused."""
    lead = theirs(lead_id, by, NOT_THEIRS)
    if not lead.is_open:
        raise Refused("The lead is closed: nothing is to be done for it any more.")
    title = title.strip()
    if not title:
        raise Refused("Say what is to be done.")
    check(due_at, now)
    echo = Task.objects.filter(
        lead=lead, author=by, title=title, due_at=due_at, created_at__gte=now - ECHO
    ).first()
    return echo or Task.objects.create(
        lead=lead,
        title=title,
        note=note.strip(),
        due_at=due_at,
        remind_at=due_at,
        author=by,
        created_at=now,
    )


@transaction.atomic
def tick(*, lead_id: int, task_id: int, by: User, now: datetime) -> Task:
    task = task_of(lead_id, task_id, by)
    if task.dropped_at is not None:
        raise Refused("This task is not needed any more.")
    if task.done_at is None:
        task.done_at, task.done_by, task.remind_at = now, by, None
        task.save(update_fields=["done_at", "done_by", "remind_at"])
    return task


@transaction.atomic
def untick(*, lead_id: int, task_id: int, by: User, now: datetime) -> Task:
    """Takes a tick back. Its owner is told when it becomes due, not again when it was due already."""
    task = task_of(lead_id, task_id, by)
    if not task.lead.is_open:
        raise Refused("The lead is closed: nothing is to be done for it any more.")
    if task.done_at is not None:
        task.done_at, task.done_by = None, None
        task.remind_at = task.due_at if task.due_at > now else None
        task.save(update_fields=["done_at", "done_by", "remind_at"])
    return task


@transaction.atomic
def put_off(*, lead_id: int, task_id: int, by: User, due_at: datetime, now: datetime) -> Task:
    """To another time. Its owner is told when it is due then."""
    task = task_of(lead_id, task_id, by)
    if not task.is_open:
        raise Refused("This task is done, or not needed any more.")
    check(due_at, now)
    if task.due_at != due_at:
        task.due_at = task.remind_at = due_at
        task.save(update_fields=["due_at", "remind_at"])
    return task


def check(due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        raise Refused("That time is past: choose one that is ahead.")
    if due_at > now + LONGEST:
        raise Refused("That is too far ahead: choose a time within two years.")


def task_of(lead_id: int, task_id: int, by: User) -> Task:
    lead = theirs(lead_id, by, NOT_THEIRS)
    task = Task.objects.select_for_update(no_key=True).filter(pk=task_id, lead=lead_id).first()
    if task is None:
        raise Refused("This task does not exist any more.")
    task.lead = lead
    return task
