"""The manager's page, and the weekly report."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadrouting.analytics.measures import eight_figures
from leadrouting.analytics.models import RebalanceReport
from leadrouting.analytics.reports import apply_suggestion, undo_suggestion
from leadrouting.analytics.wording import told
from leadrouting.assignments import judging
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.proposals import open_for
from leadrouting.teams.models import Pool
from leadrouting.workspace import forecast, stamps, todo, watch
from leadrouting.workspace.access import LEADERS, page
from leadrouting.workspace.asking import PersonRequest
from leadrouting.workspace.board import number
from leadrouting.workspace.showing import show, unchanged

PERIOD = timedelta(days=30)
WEEKS = 12


@page(*LEADERS)
def team(request: PersonRequest) -> HttpResponse:
    """The figures come with the page; what moves by the minute is live."""
    user, now = request.user, timezone.now()
    stamp = stamps.of_team_now(user, now)
    if stamps.is_unchanged(request, stamp):
        return unchanged()
    all_teams = watch.teams_of(user)
    chosen = number(request.GET.get("team", ""))
    teams = [one for one in all_teams if one.pk == chosen] or all_teams
    missed, latest_missed = watch.missed_clocks(teams, watch.midnight(now))
    running, feed = watch.running_clocks(teams, now + forecast.AHEAD), watch.feed(user, teams)
    coming, risks = forecast.coming(teams, now)
    linked = [clock.lead_id for clock in (*latest_missed, *running, *(risk.clock for risk in risks))] + [
        one.lead_id for one, _ in feed
    ]
    context = {
        "now": now,
        "stamp": stamp,
        "all_teams": all_teams,
        "teams": teams,
        "is_one": len(teams) == 1,
        "workload": watch.workload(teams, now),
        "missed": missed,
        "latest_missed": latest_missed,
        "running": running,
        "late_tasks": todo.late_by_rep(teams, now),
        "coming": coming,
        "risks": risks,
        "depths": watch.depths(user, now),
        "feed": feed,
        "proposals": open_for(user),
        "disputes": list(judging.open_for(user)[: watch.SHOWN]),
        "visible": watch.visible(user, linked),
    }
    if not request.htmx:
        keys = [one.pk for one in teams]
        figures = eight_figures(start=now - PERIOD, end=now, now=now, team_ids=keys)
        context["figures"] = watch.side_by_side(figures)
        context["reports"] = watch.latest_reports(teams)
    return show(request, "workspace/team.html", context)


@page(*LEADERS)
def report(request: PersonRequest, report_id: int) -> HttpResponse:
    found = visible_report(request, report_id)
    found.content = told(found.content)
    applied = {one.pool_id: one for one in found.applied.filter(undone_at=None).select_related("applied_by")}
    earlier = RebalanceReport.objects.filter(team=found.team_id).defer("content").order_by("-week")[:WEEKS]
    context = {
        "report": found,
        "earlier": earlier,
        "figures": watch.side_by_side(found.content["figures"]),
        "pools": [(pool, applied.get(pool["pool"])) for pool in found.content["pools"]],
    }
    return show(request, "workspace/report.html", context)


@require_POST
@page(*LEADERS)
def weigh(request: PersonRequest, report_id: int, pool_id: int) -> HttpResponse:
    """Set the pool's weights as the report suggests, or back to what they were."""
    found, pool = visible_report(request, report_id), get_object_or_404(Pool, pk=pool_id)
    now = timezone.now()
    try:
        if request.POST.get("undo"):
            done = get_object_or_404(found.applied, pool=pool, undone_at=None)
            undo_suggestion(applied=done, by=request.user, now=now)
            messages.success(request, _("The weights of {pool} are what they were before.").format(pool=pool))
        else:
            apply_suggestion(report=found, pool=pool, by=request.user, now=now)
            messages.success(
                request,
                _("The weights of {pool} are set as suggested. Leads follow them at once.").format(pool=pool),
            )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("report", report_id)


def visible_report(request: PersonRequest, report_id: int) -> RebalanceReport:
    reports = RebalanceReport.objects.select_related("team").filter(team__in=watch.teams_of(request.user))
    return get_object_or_404(reports, pk=report_id)
