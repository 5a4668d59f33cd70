"""SLA policies, in an order that is dragged: the first that fits a lead applies."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.forms import BaseForm
from django.http import HttpRequest
from unfold.decorators import display

from leadrouting.common.console import OpsAdmin
from leadrouting.sla.admin.countdown import span
from leadrouting.sla.models import Policy


@admin.register(Policy)
class PolicyAdmin(OpsAdmin):
    list_display = ["name", "applies_to", "within", "counts", "active"]
    ordering = ["precedence", "id"]
    actions = None  # its rows are for ordering
    ordering_field = "precedence"
    hide_ordering_field = True
    list_before_template = "admin/sla/order.html"
    keep_because = "Take “active” off instead: its clocks run on, and no new one starts."
    fieldsets = [
        (None, {"fields": ["name", "is_active"]}),
        ("Which leads", {"fields": [("channel", "priority", "source")]}),
        (
            "How soon",
            {"fields": [("respond_within", "remind_before"), "around_the_clock", "max_reassignments"]},
        ),
    ]

    def save_model(self, request: HttpRequest, obj: Policy, form: BaseForm, change: Any) -> None:
        if not change:
            obj.precedence = (Policy.objects.aggregate(last=Max("precedence"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description="Applies to")
    def applies_to(self, policy: Policy) -> str:
        asks = [
            policy.get_channel_display(),
            policy.source,
            policy.priority and f"{policy.priority} priority",
        ]
        return ", ".join(str(one) for one in asks if one) or "Every lead"

    @display(description="Respond within", ordering="respond_within")
    def within(self, policy: Policy) -> str:
        return span(policy.respond_within)

    @display(description="Counts")
    def counts(self, policy: Policy) -> str:
        return "Every minute" if policy.around_the_clock else "The owner's office hours"
