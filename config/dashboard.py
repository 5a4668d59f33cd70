"""Today: the page on which sales ops open the admin. Its upper part looks again every two seconds."""

from __future__ import annotations

from datetime import datetime
from json import dumps
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from config.concerns import concerns
from leadrouting.analytics.today import today
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.leads.daily import leads_per_day

SHOWN = 12
CHART = {
    "responsive": True,
    "maintainAspectRatio": False,
    "animation": False,
    "plugins": {"legend": {"display": False}},
    "scales": {
        "x": {"grid": {"display": False}, "border": {"display": False}},
        "y": {
            "beginAtZero": True,
            "ticks": {"precision": 0, "maxTicksLimit": 5},
            "grid": {},
            "border": {"display": False},
        },
    },
}
STAMP = """
    SELECT concat_ws('-',
        (SELECT max(id) FROM assignments_decision),
        (SELECT max(id) FROM leads_lead),
        (SELECT extract(epoch FROM max(ended_at)) FROM sla_clock WHERE ended_at IS NOT NULL),
        (SELECT count(*) FROM sla_clock WHERE ended_at IS NULL AND due_at <= %s))
"""


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    return {**context, **live(now), "concerns": concerns(), "chart": chart(now)}


def live_part(request: HttpRequest) -> HttpResponse:
    """The part that changes; 204, and nothing is rendered, when the page already shows it."""
    now = timezone.now()
    if request.GET.get("stamp") == stamp(now):
        return HttpResponse(status=204)
    return TemplateResponse(request, "admin/today/live.html", live(now))


def live(now: datetime) -> dict[str, Any]:
    decisions = list(Decision.objects.select_related("lead", "actor").defer("facts")[:SHOWN])
    said = sentences(decisions)
    return {
        "stamp": stamp(now),
        "today": today(now, timezone.get_current_timezone_name()),
        "feed": [(decision, said[decision.pk]) for decision in decisions],
        "now": now,
    }


def stamp(now: datetime) -> str:
    """Differs when a lead came, a decision fell or a clock ended or ran out; and each minute, for the ages shown."""
    with connection.cursor() as cursor:
        cursor.execute(STAMP, [now])
        (changed,) = cursor.fetchone()
    return f"{changed}-{now:%H%M}"


def chart(now: datetime) -> dict[str, str]:
    """Leads per day for Unfold's bar chart, days of the viewer's zone, today last."""
    days = leads_per_day(now, timezone.get_current_timezone())
    bars = {
        "label": "Leads",
        "data": list(days.values()),
        "backgroundColor": "var(--color-primary-600)",
        "borderRadius": 4,
        "maxBarThickness": 36,
    }
    data = {"labels": [f"{day:%a %d}" for day in days], "datasets": [bars]}
    return {"data": dumps(data), "options": dumps(CHART)}
