"""SLA policies, in an order that is dragged: the first that fits a lead applies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import Inline, OpsAdmin, PositionedFormSet
from leadrouting.common.console.once import once
from leadrouting.rules.admin.forms import LogicMixin
from leadrouting.rules.admin.options import all_codes, guide
from leadrouting.rules.admin.rule_parts import ConditionInline
from leadrouting.rules.catalogue import catalogue
from leadrouting.sla.admin.recomputing import recompute_page
from leadrouting.sla.models import Clock, Policy, PolicyCondition, Rung, Target
from leadrouting.sla.models.policy import Kind
from leadrouting.sla.spans import SpanField, written


class PolicyConditionInline(ConditionInline):
    model = PolicyCondition  # type: ignore[assignment]  # the same columns, of a policy


class PolicyForm(LogicMixin, ModelForm):
    class Meta:
        model = Policy
        fields = ["name", "is_active", "logic", "max_reassignments", "ends_in", "attempts_count"]


class TargetForm(ModelForm):
    within = SpanField(widget=UnfoldAdminTextInputWidget, help_text="For example 15 min, 1 h 30 min or 2 d.")


class RungForm(ModelForm):
    after = SpanField(
        required=False, widget=UnfoldAdminTextInputWidget, help_text="After the deadline; empty: at once."
    )

    def clean_after(self) -> timedelta:
        return self.cleaned_data["after"] or timedelta()


class TargetInline(Inline):
    model = Target
    form = TargetForm
    verbose_name_plural = "Deadlines"
    fields = ["kind", "within", "hours", "office_hours", "reminders"]


class RungInline(Inline):
    model = Rung
    form = RungForm
    formset = PositionedFormSet
    verbose_name_plural = "Ladder: what follows a missed deadline"
    ordering_field = "position"
    hide_ordering_field = True
    fields = ["kind", "after", "do", "queue", "position"]


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

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        known = once(request, "catalogue", catalogue)
        more = {"guide": guide(known, once(request, "codes", all_codes))}
        return super().render_change_form(request, {**context, **more}, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Policy, form: BaseForm, change: Any) -> None:
        if not change:
            obj.precedence = (Policy.objects.aggregate(last=Max("precedence"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for said in doubts(form.instance):
            self.message_user(request, said, messages.WARNING)
        if change and (running := Clock.objects.filter(policy=form.instance, ended_at=None).count()):
            text = (
                "{} that runs by it keeps its plan." if running == 1 else "{} that run by it keep their plan."
            )
            link = reverse("admin:sla_policy_recompute")
            clocks = "1 clock" if running == 1 else f"{running:,} clocks"
            said = format_html('{} <a href="{}">Preview what would change.</a>', text.format(clocks), link)
            self.message_user(request, said, messages.INFO)

    @action(description="Recompute open clocks", url_path="recompute", icon="update")
    def recompute(self, request: HttpRequest) -> HttpResponse:
        return recompute_page(self, request)

    @display(description="Applies to")
    def applies_to(self, policy: Policy) -> str:
        conditions = policy.conditions.all()
        said = [condition_in_words(condition) for condition in conditions]
        return (f"{policy.logic}: " if policy.logic else "") + " and ".join(said) if said else "Every lead"

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


def condition_in_words(condition: PolicyCondition) -> str:
    words = f"{condition.fact.replace('_', ' ')} {condition.get_operator_display()} {condition.value}"
    return words.strip()


def doubts(policy: Policy) -> list[str]:
    """What is allowed, and most likely not meant."""
    promised = {target.kind: target.within for target in policy.targets.all()}
    laddered = {rung.kind: rung.get_kind_display().lower() for rung in policy.ladder.all()}
    said = (
        []
        if promised
        else [f"“{policy}” promises nothing: add a deadline, or no clock starts for its leads."]
    )
    said += [
        f"The ladder has steps for “{label}”, but no such deadline is set: they never happen."
        for kind, label in laddered.items()
        if kind not in promised
    ]
    if Kind.ACCEPT in promised and promised[Kind.ACCEPT] > promised.get(Kind.RESPOND, timedelta.max):
        said.append(
            "To accept may take longer than to answer: an answer accepts as well, so that deadline never counts."
        )
    return said
