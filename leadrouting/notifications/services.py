"""Delivering the outbox, at least once; and the alarm of a queue that fills up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from leadrouting.leads.enums import CLOSED
from leadrouting.notifications.compose import message
from leadrouting.notifications.models import Message
from leadrouting.notifications.queues import no_rules
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind
from leadrouting.teams.models import Queue

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # a message that a dead worker took is sent by another one after this long
LONGEST_PAUSE = timedelta(hours=1)


def deliver_due(now: datetime, limit: int = 50) -> int:
    """Send what is due, oldest first. Returns how many were due. A failure is kept with the message and tried again."""
    due = claim(now, limit)
    for one in due:
        try:
            send(one)
        except Exception as error:
            logger.exception("A message could not be sent", extra={"message_id": one.pk})
            failed(one, error, now)
        else:
            Message.objects.filter(pk=one.pk).update(sent_at=now, attempts=F("attempts") + 1, last_error="")
    return len(due)


@transaction.atomic
def claim(now: datetime, limit: int) -> list[Message]:
    """Take messages for LEASE, so that no other worker sends them too."""
    free = Message.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related(
        "recipient", "lead"
    )
    due = list(free.filter(sent_at=None, send_at__lte=now).order_by("send_at", "id")[:limit])
    Message.objects.filter(pk__in=[one.pk for one in due]).update(send_at=now + LEASE)
    return due


def send(one: Message) -> None:
    """By e-mail; who has no address reads it in the app."""
    if one.recipient.email:
        send_mail(one.subject, text_of(one), None, [one.recipient.email])


def text_of(one: Message) -> str:
    """The message with what is only known when it is read: the deadline, and the way to the lead."""
    lines = [one.body]
    if one.lead_id is not None:
        running = Clock.objects.filter(
            lead=one.lead_id, rep=one.recipient_id, wake_at__isnull=False, ended_at=None
        )
        clock = running.exclude(kind=Kind.ACCEPT).first()
        if clock is not None:
            due = clock.due_at.astimezone(ZoneInfo(one.recipient.time_zone))
            lines.append(f"Answer by {due:%A %d %B, %H:%M}, your time.")
        lines.append(f"{settings.SITE_URL}/leads/{one.lead_id}/")
    return "\n\n".join(lines)


def failed(one: Message, error: Exception, now: datetime) -> None:
    pause = min(timedelta(seconds=15 * 2 ** min(one.attempts, 8)), LONGEST_PAUSE)
    Message.objects.filter(pk=one.pk).update(
        send_at=now + pause, attempts=F("attempts") + 1, last_error=f"{type(error).__name__}: {error}"[:300]
    )


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


def send_again(messages: QuerySet[Message], now: datetime) -> int:
    """Put messages back into the outbox, whether they were sent or gave up. Returns how many."""
    return messages.update(sent_at=None, send_at=now, attempts=0, last_error="")
