"""Clocks and what they did, to read."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from leadrouting.assignments.admin.filters import ByRep
from leadrouting.common.console import ReadOnly, ReadOnlyInline
from leadrouting.sla.models import Clock, Escalation
from leadrouting.sla.wording import step_in_words

COLOURS = {
    "Running": "info",
    "Overdue": "danger",
    "Met": "success",
    "Missed": "danger",
    "Cancelled": "warning",
}


class ByState(DropdownFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("running", "Running"), ("overdue", "Overdue"), *Clock.Outcome.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Clock]) -> QuerySet[Clock]:
        running = queryset.filter(ended_at=None)
        if self.value() == "running":
            return running
        if self.value() == "overdue":
            return running.filter(due_at__lte=timezone.now())
        return queryset.filter(outcome=self.value()) if self.value() else queryset


class EscalationInline(ReadOnlyInline):
    model = Escalation
    verbose_name_plural = "What it did"
    fields = ["shown_step", "acted_at"]
    readonly_fields = ["shown_step"]

    @display(description="Step")
    def shown_step(self, escalation: Escalation) -> str:
        return step_in_words(escalation.step, escalation.stayed)


@admin.register(Clock)
class ClockAdmin(ReadOnly):
    list_display = ["shown_lead", "kind", "state", "rep", "policy", "due_at", "ended_at"]
    list_display_links = ["due_at"]
    list_select_related = ["lead", "rep__user", "policy"]
    list_filter = [ByState, "kind", ByRep, "policy"]
    list_filter_submit = True
    ordering = ["-due_at", "-id"]
    search_fields = ["lead__name", "lead__company", "=lead__email"]
    fields = [
        "shown_lead",
        "kind",
        "state",
        "rep",
        "policy",
        "started_at",
        "due_at",
        "wake_at",
        "ended_at",
        "failures",
    ]
    readonly_fields = ["shown_lead", "state"]
    inlines = [EscalationInline]

    @display(description="Lead")
    def shown_lead(self, clock: Clock) -> str:
        link = reverse("admin:leads_lead_change", args=[clock.lead_id])
        return format_html('<a href="{}" class="text-link">{}</a>', link, clock.lead)

    @display(description="State", label=COLOURS)
    def state(self, clock: Clock) -> str:
        if clock.ended_at:
            return clock.get_outcome_display()
        return "Overdue" if clock.due_at <= timezone.now() else "Running"


@admin.register(Escalation)
class EscalationAdmin(ReadOnly):
    list_display = ["shown_step", "lead", "rep", "acted_at"]
    list_display_links = ["acted_at"]
    list_select_related = ["clock__lead", "clock__rep__user"]
    list_filter = ["clock__kind"]
    list_filter_submit = True
    search_fields = ["clock__lead__name", "=clock__lead__email"]
    fields = ["shown_step", "lead", "rep", "acted_at"]
    readonly_fields = ["shown_step", "lead", "rep"]

    @display(description="Step", label={"Reminder": "info", "Deadline missed": "danger"})
    def shown_step(self, escalation: Escalation) -> str:
        return step_in_words(escalation.step, escalation.stayed)

    @display(description="Lead")
    def lead(self, escalation: Escalation) -> str:
        link = reverse("admin:leads_lead_change", args=[escalation.clock.lead_id])
        return format_html('<a href="{}" class="text-link">{}</a>', link, escalation.clock.lead)

    @display(description="Owner then")
    def rep(self, escalation: Escalation) -> str:
        return str(escalation.clock.rep)
