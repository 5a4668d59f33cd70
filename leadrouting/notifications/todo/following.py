"""Tasks follow what happens to their lead: a new owner gets a new one, a closed lead needs none, a merged one takes its
tasks along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from leadrouting.assignments.models import Assignment
from leadrouting.businesstime import ALWAYS
from leadrouting.leads.models import Lead
from leadrouting.notifications.events import last_closed
from leadrouting.notifications.models import Event, Task, Workflow
from leadrouting.notifications.prospects.words import fill, one_line
from leadrouting.notifications.todo.choosing import open_tasks
from leadrouting.sla.plan import by
from leadrouting.teams.snapshot import People, people_now

Kind = Event.Kind
CLOSED = "The lead was closed."
MOVED_ON = (Kind.ASSIGNED, Kind.QUEUED)


def follow(events: Sequence[Event], now: datetime) -> None:
    """Called when events are handed on. A handful of queries, whatever their number."""
    moved = {one.lead_id: one for one in events if one.kind in MOVED_ON}
    if merged := {one.lead_id for one in events if one.kind == Kind.MERGED}:
        join(merged)
    if moved:
        replace(moved, now)
    if closed := {one.lead_id for one in events if one.kind == Kind.CLOSED}:
        gone = open_tasks().filter(lead__in=closed, lead__closed_at__isnull=False)
        drop(gone, now, CLOSED)
    if undone := {one.lead_id for one in events if one.kind == Kind.UNDONE}:
        take_up(undone)


def drop(tasks: QuerySet[Task], now: datetime, because: str) -> None:
    """Who ticks one at this instant has ticked it."""
    found = list(tasks.values_list("pk", flat=True))
    if found:
        open_tasks().filter(pk__in=found).update(dropped_at=now, dropped_because=because, remind_at=None)


def take_up(leads: set[int]) -> None:
    """What the closing had dropped is to be done again."""
    Task.objects.filter(
        lead__in=leads, lead__closed_at=None, dropped_because=CLOSED, dropped_at__gte=last_closed()
    ).update(dropped_at=None, dropped_because="", remind_at=F("due_at"))


def join(kept: set[int]) -> None:
    """What was to be done for the lead that went is to be done for the one that stayed."""
    into = Lead.objects.filter(pk=OuterRef("lead_id")).values("merged_into_id")[:1]
    open_tasks().filter(lead__merged_into__in=kept).update(lead_id=Subquery(into))


def replace(moved: dict[int, Event], now: datetime) -> None:
    """The task of an earlier assignment goes with it. What somebody wrote down, or a sequence, stays with the lead."""
    earlier = open_tasks().filter(lead__in=moved, assignment__ended_at__isnull=False)
    drop(earlier, now, "Somebody else has the lead.")
    campaigns = {one.lead.campaign_id for one in moved.values() if one.lead.campaign_id}
    wanted = Workflow.objects.filter(campaign__in=campaigns, gives_task=True) if campaigns else ()
    workflows = {one.campaign_id: one for one in wanted}
    if not workflows:
        return
    held = Assignment.objects.filter(
        lead__in=moved, lead__campaign__in=workflows, lead__closed_at=None, ended_at=None
    ).select_related("lead")
    people = people_now()
    Task.objects.bulk_create(
        [made(one, workflows[one.lead.campaign_id or 0], people, now) for one in held], ignore_conflicts=True
    )


def made(held: Assignment, workflow: Workflow, people: People, now: datetime) -> Task:
    person = people.reps.get(held.rep_id)
    hours = (person.calendar if person else None) or ALWAYS
    due_at = by(hours, held.started_at, workflow.task_within, ())
    lead = held.lead
    values = {"name": str(lead), "company": lead.company, "product": lead.product}
    return Task(
        lead=lead,
        title=one_line(fill(workflow.task_title, values))[:150],
        due_at=due_at,
        remind_at=due_at,
        made_by=Task.MadeBy.ASSIGNMENT,
        assignment=held,
        created_at=now,
    )
