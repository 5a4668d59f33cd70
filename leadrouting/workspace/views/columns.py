"""The manager's board: who has which leads, and moving them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from leadrouting.assignments.taking_back import latest_move
from leadrouting.workspace import stamps, watch
from leadrouting.workspace.access import LEADERS, page
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import number
from leadrouting.workspace.columns import columns
from leadrouting.workspace.showing import show, unchanged


@page(*LEADERS)
def board(request: PersonRequest) -> HttpResponse:
    """A manager's teams side by side, or one; for sales ops one team at a time."""
    user, now = request.user, timezone.now()
    stamp = stamps.of_team_now(user, now)
    if stamps.is_unchanged(request, stamp):
        return unchanged()
    all_teams = watch.teams_of(user)
    chosen = number(request.GET.get("team", ""))
    teams = [one for one in all_teams if one.pk == chosen] or (all_teams[:1] if user.is_ops else all_teams)
    context = {
        "now": now,
        "stamp": stamp,
        "all_teams": all_teams,
        "teams": teams,
        "team": teams[0] if len(teams) == 1 else None,
        "columns": columns(user, teams, now),
        "move": latest_move(user, now),
    }
    return show(request, "workspace/columns.html", context)
