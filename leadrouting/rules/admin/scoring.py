"""Points and tiers, as sales ops set them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django_q.tasks import async_task
from unfold.decorators import action, display

from leadrouting.common.console import OpsAdmin
from leadrouting.common.console.once import once
from leadrouting.engine.describe import describe_rule
from leadrouting.rules.admin.forms import LogicMixin
from leadrouting.rules.admin.rule_parts import ConditionInline, guide_of
from leadrouting.rules.asking import asking
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.models import ScoreCondition, ScoreRule, Tier


class ScoreConditionInline(ConditionInline):
    model = ScoreCondition  # type: ignore[assignment]  # the same columns, of a score rule


class ScoreRuleForm(LogicMixin, ModelForm):
    class Meta:
        model = ScoreRule
        fields = ["name", "points", "is_active", "logic"]


def score_again(admin: OpsAdmin, request: HttpRequest) -> HttpResponse:
    """Asked for by POST; a link shows the button."""
    if not admin.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        with transaction.atomic():
            async_task("leadrouting.assignments.tasks.score_open_again")
        said = "Open leads are being scored again; it takes seconds for thousands. Nobody’s lead moves by it."
        admin.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:rules_scorerule_changelist"))
    context = {**admin.admin_site.each_context(request), "title": "Score open leads again"}
    return TemplateResponse(request, "admin/rules/score_again.html", context)


@admin.register(ScoreRule)
class ScoreRuleAdmin(OpsAdmin):
    form = ScoreRuleForm
    change_form_template = "admin/rules/score.html"
    actions_list = ["again"]
    list_display = ["name", "shown_points", "applies_to", "active"]
    list_before_template = "admin/rules/score_list.html"
    search_fields = ["name"]
    inlines = [ScoreConditionInline]
    fieldsets = [
        (None, {"fields": [("name", "points"), "is_active"]}),
        ("Which leads", {"fields": ["logic"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScoreRule]:
        self.known = once(request, "catalogue", catalogue)
        return super().get_queryset(request).prefetch_related("conditions")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(request, {**context, "guide": guide_of(request)}, *args, **kwargs)

    @action(description="Score open leads again", url_path="again", icon="refresh")
    def again(self, request: HttpRequest) -> HttpResponse:
        return score_again(self, request)

    @display(description="Points", ordering="points")
    def shown_points(self, rule: ScoreRule) -> str:
        return f"{rule.points:+}"

    @display(description="For leads")
    def applies_to(self, rule: ScoreRule) -> str:
        asked = asking(rule.pk, rule.name, rule.conditions.all(), rule.logic)
        try:
            return capfirst(describe_rule(asked, self.known).removeprefix("When "))
        except (ValueError, LookupError):
            return "It cannot be read: open it."


@admin.register(Tier)
class TierAdmin(OpsAdmin):
    list_display = ["name", "shown_from", "urgency"]
    list_before_template = "admin/rules/tier_list.html"
    fields = ["name", "from_points", "urgency"]

    @display(description="From", ordering="from_points")
    def shown_from(self, tier: Tier) -> str:
        return f"{tier.from_points} points"
