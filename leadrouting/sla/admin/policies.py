"""SLA policies, in an order that is dragged: the first that fits a lead applies."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from unfold.decorators import action, display

from leadrouting.common.console import OpsAdmin
from leadrouting.common.console.once import once
from leadrouting.common.spans import written
from leadrouting.engine.describe import describe_rule
from leadrouting.rules.admin.forms import LogicMixin
from leadrouting.rules.admin.rule_parts import ConditionInline, guide_of
from leadrouting.rules.catalogue import catalogue
from leadrouting.sla.admin.matching import policy_matches
from leadrouting.sla.admin.parts import RungInline, TargetInline
from leadrouting.sla.admin.recomputing import recompute_page
from leadrouting.sla.analysing import dead
from leadrouting.sla.models import Policy, PolicyCondition
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.recomputing import still_running
from leadrouting.sla.terms import asked


class PolicyConditionInline(ConditionInline):
    model = PolicyCondition  # type: ignore[assignment]  # the same columns, of a policy


class PolicyForm(LogicMixin, ModelForm):
    class Meta:
        model = Policy
        fields = ["name", "is_active", "logic", "max_reassignments", "ends_in", "attempts_count"]


@admin.register(Policy)
class PolicyAdmin(OpsAdmin):
    form = PolicyForm
    actions_list = ["recompute"]
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

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(partial(policy_matches, self))
        return [path("matches/", view, name="sla_policy_matches"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.known = once(request, "catalogue", catalogue)
        self.dead = dead(self.get_queryset(request).order_by("precedence", "id"), self.known, timezone.now())
        return super().changelist_view(request, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        known = once(request, "catalogue", catalogue)
        policies = self.get_queryset(request).order_by("precedence", "id")
        why = dead(policies, known, timezone.now()) if kwargs.get("obj") else {}
        more: dict[str, Any] = {"guide": guide_of(request)}
        more["never"] = why.get(kwargs["obj"].pk, "") if kwargs.get("obj") else ""
        return super().render_change_form(request, {**context, **more}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Policy, form: BaseForm, change: Any) -> None:
        if not change:
            obj.precedence = (Policy.objects.aggregate(last=Max("precedence"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for said in doubts(form.instance):
            self.message_user(request, said, messages.WARNING)
        if change and (said := still_running(form.instance.pk)):
            self.message_user(request, said, messages.INFO)

    @action(description="Recompute open clocks", url_path="recompute", icon="update")
    def recompute(self, request: HttpRequest) -> HttpResponse:
        return recompute_page(self, request)

    @display(description="Applies to")
    def applies_to(self, policy: Policy) -> str:
        said = describe_rule(asked(policy), self.known) if policy.conditions.all() else "every lead"
        said = capfirst(said.removeprefix("When "))
        if (why := self.dead.get(policy.pk)) is None:
            return said
        return format_html('{}<br><span class="lr-red">{}</span>', said, why)

    @display(description="Promises")
    def within(self, policy: Policy) -> str:
        said = [
            f"{target.get_kind_display().lower()} within {written(target.within)}"
            for target in policy.targets.all()
        ]
        return ", ".join(said).capitalize() or "Nothing"

    @display(description="Counts")
    def counts(self, policy: Policy) -> str:
        return ", ".join(dict.fromkeys(target.get_hours_display() for target in policy.targets.all()))


def doubts(policy: Policy) -> list[str]:
    """What is allowed, and most likely not meant."""
    promised = {target.kind: target.within for target in policy.targets.all()}
    said = (
        []
        if promised
        else [f"“{policy}” promises nothing: add a deadline, or no clock starts for its leads."]
    )
    if Kind.ACCEPT in promised and promised[Kind.ACCEPT] > promised.get(Kind.RESPOND, timedelta.max):
        said.append(
            "To accept may take longer than to answer: an answer accepts as well, so that deadline never counts."
        )
    return said
