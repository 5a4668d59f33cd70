"""SLA policies, in an order that is dragged: the first that fits a lead applies."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from unfold.decorators import display

from leadrouting.common.console import Inline, OpsAdmin, PositionedFormSet
from leadrouting.rules.admin.rule_parts import ConditionInline
from leadrouting.sla.admin.countdown import span
from leadrouting.sla.models import Policy, PolicyCondition, Rung, Target


class PolicyConditionInline(ConditionInline):
    model = PolicyCondition  # type: ignore[assignment]  # the same columns, of a policy


class TargetInline(Inline):
    model = Target
    verbose_name_plural = "Deadlines"
    fields = ["kind", "within", "hours", "office_hours", "reminders"]


class RungInline(Inline):
    model = Rung
    formset = PositionedFormSet
    verbose_name_plural = "Ladder: what follows a missed deadline"
    ordering_field = "position"
    hide_ordering_field = True
    fields = ["kind", "after", "do", "queue", "position"]


@admin.register(Policy)
class PolicyAdmin(OpsAdmin):
    list_display = ["name", "applies_to", "within", "counts", "active"]
    ordering = ["precedence", "id"]
    actions = None  # its rows are for ordering
    ordering_field = "precedence"
    hide_ordering_field = True
    list_before_template = "admin/sla/order.html"
    keep_because = "Take “active” off instead: its clocks run on, and no new one starts."
    inlines = [PolicyConditionInline, TargetInline, RungInline]
    fieldsets = [
        (None, {"fields": ["name", "is_active"]}),
        ("Which leads", {"fields": ["logic"]}),
        ("After a missed deadline", {"fields": [("max_reassignments", "ends_in"), "attempts_count"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        return super().get_queryset(request).prefetch_related("conditions", "targets", "ladder")

    def save_model(self, request: HttpRequest, obj: Policy, form: BaseForm, change: Any) -> None:
        if not change:
            obj.precedence = (Policy.objects.aggregate(last=Max("precedence"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description="Applies to")
    def applies_to(self, policy: Policy) -> str:
        return " and ".join(str(one) for one in policy.conditions.all()) or "Every lead"

    @display(description="Respond within")
    def within(self, policy: Policy) -> str:
        return ", ".join(f"{target}: {span(target.within)}" for target in policy.targets.all())

    @display(description="Counts")
    def counts(self, policy: Policy) -> str:
        return ", ".join(dict.fromkeys(target.get_hours_display() for target in policy.targets.all()))
