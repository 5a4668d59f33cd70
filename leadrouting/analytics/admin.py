"""Weekly reports, to read."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from unfold.decorators import display

from leadrouting.analytics.models import RebalanceReport
from leadrouting.common.console import ReadOnly


@admin.register(RebalanceReport)
class ReportAdmin(ReadOnly):
    list_display = ["team", "week", "gist", "created_at"]
    list_select_related = ["team"]
    list_filter = ["team"]
    list_filter_submit = True
    fields = ["team", "week", "created_at", "report"]
    readonly_fields = ["report"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RebalanceReport]:
        return super().get_queryset(request).select_related("team")

    @display(description="In short")
    def gist(self, report: RebalanceReport) -> str:
        return next(iter(report.content.get("summary", [])), "")

    @display(description="Report")
    def report(self, report: RebalanceReport) -> str:
        return render_to_string("admin/analytics/report.html", {"report": report.content})
