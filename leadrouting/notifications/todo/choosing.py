"""Which tasks."""

from __future__ import annotations

from django.db.models import QuerySet

from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Task
from leadrouting.teams.models import User


def open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(done_at=None, dropped_at=None)


def visible_to(user: User) -> QuerySet[Task]:
    """Those of the leads that this person may see."""
    return Task.objects.filter(lead__in=Lead.objects.visible_to(user))
