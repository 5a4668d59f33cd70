"""What is to be done, by when."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from leadrouting.workspace import todo
from leadrouting.workspace.access import LEADERS, PEOPLE, page, role_of
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.showing import show


@page(*PEOPLE)
def tasks(request: PersonRequest) -> HttpResponse:
    """A rep's own; for managers those of the team, for sales ops all."""
    now = timezone.now()
    found = todo.of_person(request.user, now)
    parts = [("Overdue", found.overdue), ("Today", found.today), ("Later", found.later), ("Done", found.done)]
    context = {
        "now": now,
        "parts": [(title, rows) for title, rows in parts if rows],
        "of_all": role_of(request.user) in LEADERS,
    }
    return show(request, "workspace/tasks.html", context)
