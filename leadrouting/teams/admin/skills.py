"""What reps can do. Rules ask for a skill at a level; each rep's page says who has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from leadrouting.common.console import Inline, OpsAdmin
from leadrouting.teams.models import RepSkill, Skill

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class SkillFigures(TypedDict):
    able: int


class SkillHolders(Inline):
    model = RepSkill
    verbose_name = "rep"
    verbose_name_plural = "Who has it"
    fields = ["rep", "level"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RepSkill]:
        return super().get_queryset(request).select_related("rep__user").order_by("rep__user__name", "pk")


class RepSkillInline(Inline):
    model = RepSkill
    verbose_name = "skill"
    verbose_name_plural = "Skills"
    fields = ["skill", "level"]


@admin.register(Skill)
class SkillAdmin(OpsAdmin):
    list_display = ["name", "kind", "active_reps"]
    list_filter = ["kind"]
    search_fields = ["name"]
    inlines = [SkillHolders]
    keep_because = "Take it off the reps who have it and out of the rules that ask for it first."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        able = Count("reps", filter=Q(reps__rep__is_active=True))
        return super().get_queryset(request).annotate(able=able)

    @display(description="Active reps who have it", ordering="able", label={"Nobody": "warning"})
    def active_reps(self, skill: WithAnnotations[Skill, SkillFigures]) -> str:
        return str(skill.able) if skill.able else "Nobody"
