"""The alarm of a queue that fills up, and of leads that nothing can route."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from leadrouting.leads.enums import CLOSED
from leadrouting.notifications.compose import message
from leadrouting.notifications.models import Message
from leadrouting.notifications.queues import no_rules
from leadrouting.teams.models import Queue


def raise_queue_alarms(now: datetime) -> int:
    """One message an hour to the owner of each queue that is too full or too old. Returns how many are."""
    waiting = Q(leads__closed_at=None) & ~Q(leads__status__in=CLOSED)
    queues = Queue.objects.annotate(
        depth=Count("leads", filter=waiting),
        oldest=Min(Coalesce("leads__queued_at", "leads__created_at"), filter=waiting),
    ).filter(depth__gt=0)
    reasons = ((queue, alarm_reason(queue, queue.depth, queue.oldest, now)) for queue in queues)
    alarmed = [(queue, reason) for queue, reason in reasons if reason]
    Message.objects.bulk_create(
        [
            message(
                Message.Kind.QUEUE_ALARM,
                queue.owner_id,
                f"queue:{queue.pk}:{now:%Y-%m-%dT%H}",
                now,
                f"Leads are waiting in {queue.name}",
                reason,
            )
            for queue, reason in alarmed
        ],
        ignore_conflicts=True,
    )
    return len(alarmed)


def raise_no_rules(now: datetime) -> None:
    Message.objects.bulk_create(no_rules(now), ignore_conflicts=True)


def alarm_reason(queue: Queue, depth: int, oldest: datetime, now: datetime) -> str:
    """What is wrong with a queue of so many leads, the first there since `oldest`; empty when nothing is."""
    if depth > queue.alarm_depth:
        return f"{depth} leads wait in {queue.name}; the alarm is set at {queue.alarm_depth}."
    if queue.alarm_after and now - oldest > queue.alarm_after:
        minutes = int((now - oldest).total_seconds() // 60)
        return f"A lead has been waiting in {queue.name} for {minutes} minutes."
    return ""
