"""What waits in a queue past its window is escalated: to the queue's owner, and after as long again to who leads
the owner's team. Once for each lead and stay."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Overstay
from leadrouting.sla.signals import overstayed
from leadrouting.teams.models import Queue, Team, User

logger = logging.getLogger(__name__)

NEXT = """
    SELECT min(stay.since + queue."window" * (step + 1))
    FROM teams_queue queue CROSS JOIN generate_series(0, 1) step CROSS JOIN LATERAL (
        SELECT queued_at AS since FROM leads_lead
        WHERE queue_id = queue.id AND status = 'queued' AND queue_steps = step AND queued_at IS NOT NULL
        ORDER BY queued_at LIMIT 1
    ) stay
"""
"""When the next escalation is due: for each queue and step a look at the oldest stay; without a window never. A
changed window counts at once, also for who waits already."""


def escalate_due(now: datetime, limit: int = 100) -> int:
    """Escalate what is due, for each queue and step in a transaction of its own; one that fails holds up no other.
    Returns how many leads were escalated."""
    done = 0
    for queue in Queue.objects.filter(window__isnull=False).select_related("owner").order_by("pk"):
        for step in Overstay.Step:
            try:
                done += escalate(queue, step, now, limit - done)
            except Exception:
                logger.exception("Leads that wait could not be escalated", extra={"queue": queue.pk})
    return done


@transaction.atomic
def escalate(queue: Queue, step: Overstay.Step, now: datetime, limit: int) -> int:
    """Leads that somebody else has locked are left to the next sweep: they are just being moved."""
    if limit <= 0 or queue.window is None:
        return 0
    due = Lead.objects.filter(
        queue=queue, status=Status.QUEUED, queue_steps=step, queued_at__lte=now - queue.window * (step + 1)
    )
    leads = list(due.select_for_update(no_key=True, skip_locked=True).order_by("queued_at", "id")[:limit])
    if not leads:
        return 0
    told = to_tell(queue, step)
    names = ", ".join(map(str, told))[:200] if len(told) < 4 else "sales ops"
    Overstay.objects.bulk_create(
        [
            Overstay(lead=lead, queue=queue, since=lead.queued_at or now, step=step, acted_at=now, told=names)
            for lead in leads
        ],
        ignore_conflicts=True,
    )
    Lead.objects.filter(pk__in=[lead.pk for lead in leads]).update(queue_steps=step + 1, updated_at=now)
    overstayed.send(Queue, queue=queue, step=step, leads=leads, told=told, now=now)
    return len(leads)


def to_tell(queue: Queue, step: Overstay.Step) -> Sequence[User]:
    """The owner; then the manager of the owner's team, sales ops where there is none. Who has left is passed over."""
    if step == Overstay.Step.OWNER and queue.owner.is_active:
        return [queue.owner]
    led = Team.objects.filter(reps=queue.owner_id, manager__is_active=True).exclude(manager=queue.owner_id)
    leaders = list(User.objects.filter(pk__in=led.values("manager")))
    ops = User.objects.filter(role=User.Role.OPS, is_active=True).order_by("pk")
    return leaders or list(ops.exclude(pk=queue.owner_id)) or list(ops)
