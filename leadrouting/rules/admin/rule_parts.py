"""The tables on a rule's page: conditions, the ladder of targets, skills."""

from __future__ import annotations

from typing import Any

from django.forms import BaseFormSet, ChoiceField
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from leadrouting.common.console import Inline, PositionedFormSet
from leadrouting.common.console.once import once
from leadrouting.rules.admin.options import all_codes, fact_options, guide, place_options
from leadrouting.rules.admin.part_forms import ConditionForm, TargetForm
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.models import Condition, RuleSkill, Target


def guide_of(request: HttpRequest) -> dict[str, Any]:
    """For the script of a page with conditions, whatever they belong to."""
    return guide(once(request, "catalogue", catalogue), once(request, "codes", all_codes))


class ConditionInline(Inline):
    model = Condition
    formset = PositionedFormSet
    verbose_name_plural = "Conditions: numbered from the top, as the filter logic names them"
    ordering_field = "position"
    hide_ordering_field = True
    fields = ["fact", "operator", "value", "position"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type[BaseFormSet]:
        known = once(request, "catalogue", catalogue)
        parts = {
            "fact": ChoiceField(choices=fact_options(known), widget=UnfoldAdminSelectWidget),
            "known": known,
            "codes": once(request, "codes", all_codes),
        }
        form = type("ConditionForm", (ConditionForm,), parts)
        return super().get_formset(request, obj, **{**kwargs, "form": form})

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "operator":
            kwargs["choices"] = [("", "Choose how"), *db_field.choices]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class TargetInline(Inline):
    model = Target
    formset = PositionedFormSet
    verbose_name_plural = "Targets: the first who can take the lead gets it"
    ordering_field = "position"
    hide_ordering_field = True
    fields = ["goes_to", "wait", "only_present", "ignore_hours", "ignore_capacity", "drop_skills", "position"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type[BaseFormSet]:
        old = TargetForm.declared_fields["goes_to"]
        choice = ChoiceField(
            label=old.label,
            choices=once(request, "places", place_options),
            widget=UnfoldAdminSelectWidget,
            error_messages=old.error_messages,
        )
        form = type("TargetForm", (TargetForm,), {"goes_to": choice})
        return super().get_formset(request, obj, **{**kwargs, "form": form})


class SkillInline(Inline):
    model = RuleSkill
    verbose_name = "skill"
    verbose_name_plural = "Skills: whoever takes the lead has all of these"
    fields = ["skill", "level"]
