"""One rule with its conditions and its ladder of targets."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Max
from django.forms import BaseFormSet, BaseModelForm, ChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget

from leadrouting.common.console import Inline, OpsAdmin, PositionedFormSet
from leadrouting.common.console.once import once
from leadrouting.rules.admin.forms import ConditionForm, RuleForm, TargetForm
from leadrouting.rules.admin.options import guide, place_options
from leadrouting.rules.models import Condition, Rule, RuleSet, Target


class ConditionInline(Inline):
    model = Condition
    form = ConditionForm
    formset = PositionedFormSet
    verbose_name_plural = "Conditions: numbered from the top, as the filter logic names them"
    ordering_field = "position"
    hide_ordering_field = True
    fields = ["fact", "operator", "value", "position"]

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
    fields = ["goes_to", "ignore_hours", "ignore_capacity", "position"]

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


@admin.register(Rule)
class RuleAdmin(OpsAdmin):
    form = RuleForm
    inlines = [ConditionInline, TargetInline]
    show_add_link = False  # rules are added on the page of their rule set
    list_display = ["name", "rule_set", "precedence", "active"]
    list_select_related = ["rule_set"]
    list_filter = ["rule_set", "is_active"]
    list_filter_submit = True
    search_fields = ["name"]
    ordering = ["rule_set", "precedence", "id"]
    fieldsets = [(None, {"fields": ["rule_set", "name", "is_active", "note", "logic"]})]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        only = RuleSet.objects.first() if RuleSet.objects.count() == 1 else None
        return {"rule_set": only, **super().get_changeform_initial_data(request)}

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        rule = kwargs.get("obj")
        chosen = rule.rule_set_id if rule else form["rule_set"].value()
        rule_set = RuleSet.objects.filter(pk=chosen or 0).first()
        return super().render_change_form(
            request, {**context, "guide": guide(), "rule_set": rule_set}, *args, **kwargs
        )

    def save_model(self, request: HttpRequest, obj: Rule, form: BaseModelForm[Rule], change: bool) -> None:
        if not change:
            last = Rule.objects.filter(rule_set=obj.rule_set).aggregate(last=Max("precedence"))["last"]
            obj.precedence = (last or 0) + 1
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: BaseModelForm[Rule], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if not form.instance.targets.exists():
            warning = f"“{form.instance}” has no target yet: say who gets its leads before you publish."
            self.message_user(request, warning, messages.WARNING)

    def response_post_save_add(self, request: HttpRequest, obj: Rule) -> HttpResponse:
        return self.to_rule_set(obj.rule_set_id)

    def response_post_save_change(self, request: HttpRequest, obj: Rule) -> HttpResponse:
        return self.to_rule_set(obj.rule_set_id)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        rule = self.get_object(request, object_id)
        answer = super().delete_view(request, object_id, extra_context)
        gone = rule is not None and request.method == "POST" and answer.status_code == 302
        return self.to_rule_set(rule.rule_set_id) if gone else answer

    def to_rule_set(self, key: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:rules_ruleset_change", args=[key]))
