"""The day at a glance, for dashboards: six queries, whatever the number of leads and queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from leadrouting.analytics.figures import Figure, Unit
from leadrouting.leads.models import Lead
from leadrouting.sla.models import Clock
from leadrouting.teams.models import Queue


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue in which leads wait. `alarm`: more of them, or for longer, than the queue's owner wants. `oldest_at`: since when the
    first lies there (UTC)."""

    queue: Queue
    leads: int
    oldest_at: datetime
    alarm: bool


@dataclass(frozen=True, slots=True)
class Today:
    """`since` is the day's first instant. `overdue`: clocks past their deadline that still run."""

    since: datetime
    leads: int
    owned_share: Figure
    breaches: int
    overdue: int
    open: int
    waiting: list[Waiting]

    @property
    def waiting_leads(self) -> int:
        return sum(row.leads for row in self.waiting)


def today(now: datetime, zone: str = "UTC") -> Today:
    """From the midnight before `now` in `zone` until `now`; what is open, overdue or waiting is so at this moment."""
    local = now.astimezone(ZoneInfo(zone))
    since = datetime.combine(local.date(), time.min, tzinfo=local.tzinfo)
    leads = Lead.objects.filter(created_at__gte=since, merged_into=None).aggregate(
        all=Count("id"), owned=Count("id", filter=Q(owner__isnull=False))
    )
    share = Figure(
        "owned_share",
        "Owned",
        Unit.PERCENT,
        leads["owned"],
        leads["all"],
        "today's leads that have an owner ÷ today's leads × 100",
    )
    return Today(
        since=since,
        leads=leads["all"],
        owned_share=share,
        breaches=Clock.objects.filter(ended_at__gte=since, outcome=Clock.Outcome.MISSED).count(),
        overdue=Clock.objects.filter(ended_at=None, wake_at__isnull=False, due_at__lte=now).count(),
        open=Lead.objects.open().count(),
        waiting=waiting(now),
    )


def waiting(now: datetime) -> list[Waiting]:
    """Queues with leads in them, the fullest first. Leads are counted before queues are looked at."""
    depths = (
        Lead.objects.waiting()
        .order_by()
        .values("queue")
        .annotate(depth=Count("id"), oldest=Min(Coalesce("queued_at", "created_at")))
    )
    counted = {row["queue"]: (row["depth"], row["oldest"]) for row in depths}
    queues = Queue.objects.filter(pk__in=counted).select_related("owner").order_by("name")
    rows = [
        Waiting(queue, *counted[queue.pk], is_alarming(queue, *counted[queue.pk], now)) for queue in queues
    ]
    return sorted(rows, key=lambda row: -row.leads)


def is_alarming(queue: Queue, depth: int, oldest_at: datetime, now: datetime) -> bool:
    too_long = queue.alarm_after is not None and now - oldest_at > queue.alarm_after
    return depth > queue.alarm_depth or too_long
