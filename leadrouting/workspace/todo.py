"""What is to be done, as pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from leadrouting.leads.enums import CLOSED
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Task
from leadrouting.notifications.todo.choosing import open_tasks, visible_to
from leadrouting.teams.models import Rep, Team, User
from leadrouting.workspace.watch import midnight

SHOWN = 200
RECENT = timedelta(days=7)
"""So long what is done is shown, and can be taken back."""
DONE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Todo:
    overdue: list[Task]
    today: list[Task]
    later: list[Task]
    done: list[Task]


def of_lead(lead: Lead) -> list[Task]:
    """One query."""
    kept = Task.objects.filter(lead=lead, dropped_at=None).select_related("author", "done_by")
    return list(kept.order_by(F("done_at").desc(nulls_first=True), "due_at", "id")[:SHOWN])


def of_person(user: User, now: datetime, rep: int | None = None) -> Todo:
    """Of the leads that this person sees; of one rep's with `rep`. Two queries."""
    mine = visible_to(user).select_related("lead__owner__user")
    if rep is not None:
        mine = mine.filter(lead__owner=rep)
    waiting = list(
        mine.filter(done_at=None, dropped_at=None)
        .exclude(lead__status__in=CLOSED)
        .order_by("due_at", "id")[:SHOWN]
    )
    done = mine.filter(done_at__gte=now - RECENT).order_by("-done_at", "-id")
    tonight = midnight(now, days=1)
    return Todo(
        overdue=[one for one in waiting if one.due_at <= now],
        today=[one for one in waiting if now < one.due_at < tonight],
        later=[one for one in waiting if one.due_at >= max(tonight, now)],
        done=list(done[:DONE_SHOWN]),
    )


def how_many(until: datetime) -> Coalesce:
    """Of a rep's leads: for a query of reps."""
    counted = (
        open_tasks()
        .exclude(lead__status__in=CLOSED)
        .filter(lead__owner=OuterRef("pk"), due_at__lt=until)
        .order_by()
        .values("lead__owner")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def late_by_rep(teams: Sequence[Team], now: datetime) -> list[Rep]:
    """Reps with tasks that are overdue, `late` of them, the most first. One query."""
    reps = Rep.objects.filter(team__in=teams).select_related("user").annotate(late=how_many(now))
    return list(reps.filter(late__gt=0).order_by("-late", "pk"))


def reps_of(user: User) -> list[Rep]:
    """Whose tasks this person may ask for. One query."""
    reps = Rep.objects.select_related("user").order_by("user__name", "pk")
    return list(reps if user.is_ops else reps.filter(team__manager=user))
