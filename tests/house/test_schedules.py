"""Every schedule and every kind of due work points at a function, and the database knows the table."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from django_q.models import Schedule

from config.schedules import MONDAY, SCHEDULES, Entry, synchronise
from leadrouting.sla import pulse
from tests.sla.belfry import query

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
CLUSTERS = {settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]}


@pytest.mark.parametrize("entry", SCHEDULES, ids=lambda entry: entry.name)
def test_a_schedule_points_at_a_function(entry: Entry) -> None:
    function: Callable[..., Any] = import_string(entry.func)
    inspect.signature(function).bind(**({entry.slot: ""} if entry.slot else {}))
    assert entry.queue in CLUSTERS


@pytest.mark.parametrize("due", pulse.kinds(), ids=lambda due: due.name)
def test_due_work_points_at_a_function(due: pulse.Due) -> None:
    inspect.signature(import_string(due.task)).bind()
    assert due.queue in CLUSTERS


@pytest.mark.django_db
@pytest.mark.parametrize("due", pulse.kinds(), ids=lambda due: due.name)
def test_the_next_deadline_is_found_in_a_partial_index(due: pulse.Due) -> None:
    query("SET LOCAL enable_seqscan = off")
    plan = "\n".join(row[0] for row in query(f"EXPLAIN {due.statement}"))
    assert "Index" in plan
    assert "Filter" not in plan


@pytest.mark.django_db
def test_migrate_puts_the_table_into_the_database_once() -> None:
    before = sorted(Schedule.objects.values_list("pk", "name", "next_run"))
    assert sorted(name for _, name, _ in before) == sorted(entry.name for entry in SCHEDULES)
    synchronise(datetime.now(UTC) + timedelta(days=3))
    assert sorted(Schedule.objects.values_list("pk", "name", "next_run")) == before


@pytest.mark.django_db
def test_our_old_schedules_go_and_others_stay() -> None:
    Schedule.objects.create(name="Old", func="leadrouting.gone.tasks.work")
    Schedule.objects.create(name="Theirs", func="math.floor")
    Schedule.objects.filter(name="Purge finished tasks").update(func="x.y", next_run=NOON)
    synchronise(NOON)
    assert not Schedule.objects.filter(name="Old").exists()
    assert Schedule.objects.filter(name="Theirs").exists()
    purge = Schedule.objects.get(name="Purge finished tasks")
    assert (purge.func, purge.next_run) == (
        "config.tasks.purge_finished_tasks",
        datetime(2026, 3, 5, 3, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (NOON, datetime(2026, 3, 9, 6, tzinfo=UTC)),
        (datetime(2026, 3, 9, 5, 59, tzinfo=UTC), datetime(2026, 3, 9, 6, tzinfo=UTC)),
        (datetime(2026, 3, 9, 6, 0, tzinfo=UTC), datetime(2026, 3, 16, 6, tzinfo=UTC)),
    ],
)
def test_a_weekly_schedule_starts_with_the_next_such_day(now: datetime, first: datetime) -> None:
    weekly = Entry("x", "y", at=time(6, 0), weekday=MONDAY)
    assert weekly.first_run(now) == first
    assert weekly.fits(first)
    assert not weekly.fits(first + timedelta(days=1))
