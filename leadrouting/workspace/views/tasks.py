"""What is to be done, by when."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop

from leadrouting.workspace import stamps, todo
from leadrouting.workspace.access import LEADERS, PEOPLE, page, role_of
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import number
from leadrouting.workspace.showing import show, unchanged


@page(*PEOPLE)
def tasks(request: PersonRequest) -> HttpResponse:
    """A rep's own; for managers those of the team, for sales ops all, of one person's leads with `rep`."""
    now, is_leader = timezone.now(), role_of(request.user) in LEADERS
    stamp = stamps.of_tasks(request.user, now)
    if stamps.is_unchanged(request, stamp):
        return unchanged()
    only = number(request.GET.get("rep", "")) if is_leader else None
    found = todo.of_person(request.user, now, only)
    parts = [
        (gettext_noop("Overdue"), found.overdue),
        (gettext_noop("Today"), found.today),
        (gettext_noop("Later"), found.later),
        (gettext_noop("Done"), found.done),
    ]
    context = {
        "now": now,
        "stamp": stamp,
        "parts": [(title, rows) for title, rows in parts if rows],
        "of_all": is_leader,
        "only": only,
        "reps": todo.reps_of(request.user) if is_leader else [],
    }
    return show(request, "workspace/tasks.html", context)
