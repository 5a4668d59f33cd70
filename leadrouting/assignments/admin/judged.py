"""What owners say of their leads, to read."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from leadrouting.assignments.admin.filters import ByRep, ByRule
from leadrouting.assignments.models import Dispute, Feedback
from leadrouting.common.console import ReadOnly


class ByOwner(ByRep):
    parameter_name = "assignment__rep"


class OfOwner(ReadOnly):
    """Of what an owner says about an assignment."""

    list_filter_submit = True

    @display(description="Lead")
    def shown_lead(self, said: Dispute | Feedback) -> str:
        lead = said.assignment.lead
        return format_html('<a href="{}">{}</a>', reverse("lead", args=[lead.pk]), lead)

    @display(description="Owner")
    def rep(self, said: Dispute | Feedback) -> str:
        return str(said.assignment.rep)


@admin.register(Dispute)
class DisputeAdmin(OfOwner):
    list_display = ["shown_lead", "reason", "rather", "rule_name", "rep", "shown_state", "made_at"]
    list_display_links = ["made_at"]
    list_filter = ["state", ByRule, ByOwner]
    list_fullwidth = True
    search_fields = ["reason", "rather", "assignment__lead__name", "assignment__lead__company"]
    fields = ["shown_lead", "rep", "reason", "rather", "rule_name", "made_at", "state", "answer", "settled_by", "settled_at"]  # fmt: skip
    readonly_fields = ["shown_lead", "rep"]
    STATES: ClassVar[dict[str, str]] = {
        "Waits for the manager": "warning",
        "The rule was right": "success",
        "The rule is to be changed": "info",
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        rows: QuerySet[Dispute] = super().get_queryset(request)
        return rows.select_related("assignment__lead", "assignment__rep__user", "settled_by")

    @display(description="State", label=STATES)
    def shown_state(self, dispute: Dispute) -> str:
        return dispute.get_state_display()


@admin.register(Feedback)
class FeedbackAdmin(OfOwner):
    list_display = ["shown_lead", "shown_fit", "reason", "rule", "rep", "at"]
    list_display_links = ["at"]
    list_filter = ["fit", ByOwner]
    search_fields = ["reason", "assignment__lead__name", "assignment__lead__company"]
    fields = ["shown_lead", "rep", "rule", "shown_fit", "reason", "at"]
    readonly_fields = ["shown_lead", "rep", "rule", "shown_fit"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        rows: QuerySet[Feedback] = super().get_queryset(request)
        return rows.select_related("assignment__lead", "assignment__rep__user", "assignment__decision").defer(
            "assignment__decision__facts", "assignment__decision__tried"
        )

    @display(description="Fit", ordering="fit")
    def shown_fit(self, feedback: Feedback) -> str:
        return str(feedback)

    @display(description="Rule")
    def rule(self, feedback: Feedback) -> str:
        return feedback.assignment.decision.rule_name or "–"
