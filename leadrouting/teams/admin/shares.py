"""How large a share new reps get, and reps who have reached their quota; and the quotas themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from unfold.decorators import display

from leadrouting.common.console import Inline, OpsAdmin
from leadrouting.teams.models import Quota, QuotaStep, RampWeek, SharePlan, Team

SAYS = (
    "A share is a part of the turns that a rep’s weight gives: on half a share come half the leads. Where a pool "
    "goes by open leads, a lead counts double on half a share. Limits of leads stay as they are, and so do leads "
    "that a rule sends to the rep by name. Shares change at midnight where the rep is."
)


class RampWeekInline(Inline):
    model = RampWeek
    verbose_name = "week"
    verbose_name_plural = "New reps, by week since they started (a full share after the last week)"
    fields = ["week", "share"]


class QuotaStepInline(Inline):
    model = QuotaStep
    verbose_name = "step"
    verbose_name_plural = "Who has reached the quota (a full share below the first step)"
    fields = ["reached", "share"]


class QuotaInline(Inline):
    model = Quota
    verbose_name = "quota"
    verbose_name_plural = "Quota"
    fields = ["target", "measure", "period"]
    max_num = 1
    labels: ClassVar = {"target": "To win", "measure": "Counted in", "period": "Within"}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_dbfield(
            db_field, request, label=self.labels.get(db_field.name), **kwargs
        )


@admin.register(SharePlan)
class SharePlanAdmin(OpsAdmin):
    list_display = ["name", "ramp_up", "quota"]
    list_select_related = ["team"]
    inlines = [RampWeekInline, QuotaStepInline]
    readonly_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SharePlan]:
        return super().get_queryset(request).prefetch_related("weeks", "quota_steps")

    def get_fieldsets(self, request: HttpRequest, obj: SharePlan | None = None) -> Any:
        return [(None, {"fields": ["name" if obj else "team"], "description": SAYS})]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "team" and isinstance(field, ModelChoiceField):
            field.queryset, field.required = Team.objects.filter(share_plan=None), True
            field.help_text = "A table that you leave empty is as for everybody."
        return field

    def why_kept(self, obj: Model) -> str:
        """The table for everybody is what teams fall back on."""
        if isinstance(obj, SharePlan) and obj.team_id is None:
            return (
                "The table for everybody stays. Delete its rows: a share is full where no row says otherwise."
            )
        return super().why_kept(obj)

    @display(description="For", ordering="team__name")
    def name(self, plan: SharePlan) -> str:
        return str(plan)

    @display(description="New reps")
    def ramp_up(self, plan: SharePlan) -> str:
        said = [f"week {one.week}: {one.share} %" for one in plan.weeks.all()]
        return ", ".join(said) or self.nothing(plan)

    @display(description="Quota reached")
    def quota(self, plan: SharePlan) -> str:
        said = [f"from {one.reached} %: {one.share} %" for one in plan.quota_steps.all()]
        return ", ".join(said) or self.nothing(plan)

    def nothing(self, plan: SharePlan) -> str:
        return "as for everybody" if plan.team_id else "a full share"
