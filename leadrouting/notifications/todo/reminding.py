"""A task that is due is told to whoever has its lead, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadrouting.leads.enums import CLOSED
from leadrouting.notifications.compose import message
from leadrouting.notifications.models import Message, Task

DUE = "SELECT min(remind_at) FROM notifications_task WHERE remind_at IS NOT NULL"
LIMIT = 200


@transaction.atomic
def remind_due(now: datetime) -> int:
    """Returns how many were due. While nobody has the lead nobody is told: who gets it sees the task on its page."""
    due = list(
        Task.objects.filter(remind_at__lte=now)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("lead")
        .order_by("remind_at", "id")[:LIMIT]
    )
    told = [told_of(one, now) for one in due if one.lead.owner_id and one.lead.status not in CLOSED]
    Message.objects.bulk_create(told, ignore_conflicts=True)
    Task.objects.filter(pk__in=[one.pk for one in due]).update(remind_at=None)
    return len(due)


def told_of(task: Task, now: datetime) -> Message:
    lead = task.lead
    key = f"task:{task.pk}:{task.due_at.isoformat()}:{lead.owner_id}"
    body = "\n\n".join(filter(None, [f"Due now for {lead}: {task.title}.", task.note]))
    return message(Message.Kind.TASK, lead.owner_id or 0, key, now, f"{task.title} ({lead})", body, lead.pk)
