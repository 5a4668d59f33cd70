"""All work that is done by the clock, in one table. `migrate` brings the database in line with it.

What is due at an instant of its own (clocks, routing, messages) is not here: see `leadrouting.sla.pulse`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connections
from django.utils import timezone
from django_q.models import Schedule

MONDAY = 0
OURS = ("leadrouting.", "config.")
"""Schedules of other functions are other people's, and left alone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Run `func` each minute, or each day at `at` (UTC), or each week on `weekday` at `at`.

    `slot` names the keyword argument that receives the instant (ISO 8601) that the run is meant for, so that
    running twice can be told apart from running for two days. The default cluster keeps all schedules;
    `queue` says which one does the work.
    """

    name: str
    func: str
    at: time | None = None
    weekday: int | None = None
    queue: str = "default"
    slot: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def schedule_type(self) -> str:
        if self.at is None:
            return Schedule.MINUTES
        return Schedule.DAILY if self.weekday is None else Schedule.WEEKLY

    def values(self) -> dict[str, Any]:
        return {
            "func": self.func,
            "schedule_type": self.schedule_type,
            "minutes": 1 if self.at is None else None,
            "repeats": -1,
            "cluster": None,
            "intended_date_kwarg": self.slot or None,
            "kwargs": repr({"q_options": {"cluster": self.queue, **self.options}}),
        }

    def first_run(self, now: datetime) -> datetime:
        """The first instant after `now` that fits."""
        if self.at is None:
            return now + timedelta(minutes=1)
        days = 0 if self.weekday is None else (self.weekday - now.weekday()) % 7
        first = datetime.combine(now.date() + timedelta(days=days), self.at, tzinfo=UTC)
        return first if first > now else first + timedelta(days=1 if self.weekday is None else 7)

    def fits(self, at: datetime) -> bool:
        if self.at is None:
            return True
        at = at.astimezone(UTC)
        return at.time() == self.at and self.weekday in (None, at.weekday())


SWEEP = {"save": False, "ack_failure": True}

SCHEDULES = [
    # The last net under the pulse, should its bell ever fail to ring.
    Entry("Sweep clocks", "leadrouting.sla.tasks.sweep_clocks", queue="pulse", options=SWEEP),
    Entry("Sweep routing", "leadrouting.sla.tasks.sweep_routing", queue="pulse", options=SWEEP),
    Entry("Work off deliveries", "leadrouting.intake.tasks.work_off_due", options=SWEEP),
    Entry("Read mailboxes", "leadrouting.intake.tasks.read_mailboxes", options={**SWEEP, "timeout": 580}),
    Entry(
        "Go on with imports", "leadrouting.intake.tasks.import_unfinished", options={**SWEEP, "timeout": 580}
    ),
    Entry("Go on with re-routing", "leadrouting.assignments.tasks.reroute_unfinished", options=SWEEP),
    Entry("Queue alarms", "leadrouting.notifications.tasks.queue_alarms", options=SWEEP),
    Entry("Count quotas", "leadrouting.assignments.tasks.count_attainment", options={"save": False}),
    # Nightly
    Entry(
        "Count win rates",
        "leadrouting.assignments.tasks.count_win_rates",
        at=time(1, 0),
        options={"save": False},
    ),
    Entry(
        "Find suspected duplicates",
        "leadrouting.leads.tasks.find_suspects",
        at=time(2, 30),
        options={"save": False, "timeout": 580},  # seconds, below the cluster's retry
    ),
    Entry(
        "Purge finished tasks", "config.tasks.purge_finished_tasks", at=time(3, 0), options={"save": False}
    ),
    Entry(
        "Forget old deliveries",
        "leadrouting.intake.tasks.forget_old_deliveries",
        at=time(3, 5),
        options={"save": False},
    ),
    Entry(
        "Forget old files of imports",
        "leadrouting.intake.tasks.forget_old_files",
        at=time(3, 25),
        options={"save": False},
    ),
    Entry(
        "Forget old events",
        "leadrouting.notifications.tasks.purge_events",
        at=time(3, 15),
        options={"save": False},
    ),
    Entry(
        "Forget old webhooks",
        "leadrouting.notifications.hooks.tasks.purge_hooks",
        at=time(3, 20),
        options={"save": False},
    ),
    Entry(
        "Forget idempotency keys",
        "leadrouting.api.tasks.forget_old_answers",
        at=time(3, 10),
        options={"save": False},
    ),
    Entry(
        "Replay decisions",
        "leadrouting.assignments.tasks.replay_decisions",
        at=time(2, 0),
        options={"timeout": 580},  # seconds, below the cluster's retry; it is some days' work at most
    ),
    # Weekly
    Entry(
        "Weekly reports",
        "leadrouting.analytics.tasks.weekly_reports",
        at=time(6, 0),
        weekday=MONDAY,
        slot="slot",
        options={"timeout": 300},  # seconds; a run that is cut short goes on with the teams that are left
    ),
]


def synchronise(now: datetime, using: str = "default") -> None:
    """Create, change and delete our schedules, so that they are those of the table. Safe to repeat: a next
    run that still fits stays as it is."""
    schedules = Schedule.objects.using(using)
    for entry in SCHEDULES:
        row, is_new = schedules.get_or_create(
            name=entry.name, defaults={**entry.values(), "next_run": entry.first_run(now)}
        )
        if not is_new:
            keep = row.schedule_type == entry.schedule_type and row.next_run and entry.fits(row.next_run)
            next_run = row.next_run if keep else entry.first_run(now)
            schedules.filter(pk=row.pk).update(**entry.values(), next_run=next_run)
    for prefix in OURS:
        schedules.filter(func__startswith=prefix).exclude(
            name__in=[entry.name for entry in SCHEDULES]
        ).delete()


def after_migrate(using: str, **signal: Any) -> None:
    if Schedule._meta.db_table in connections[using].introspection.table_names():
        synchronise(timezone.now(), using)
