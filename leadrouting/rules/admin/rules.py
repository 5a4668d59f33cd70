"""One rule with its conditions and its ladder of targets."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Max, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.admin.forms import RuleForm, in_short
from leadrouting.rules.admin.realign import realign
from leadrouting.rules.admin.rule_parts import ConditionInline, SkillInline, TargetInline, guide_of
from leadrouting.rules.admin.words import rule_values, rule_words
from leadrouting.rules.editing import renew, touch
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.rules.signals import gathered, objecting
from leadrouting.teams.auth import caller

OBJECTIONS = timedelta(days=90)
"""So far back the page tells what owners say against the rule."""


@admin.register(Rule)
class RuleAdmin(OpsAdmin):
    form = RuleForm
    inlines = [ConditionInline, TargetInline, SkillInline]
    show_add_link = False  # rules are added on the page of their rule set
    list_display = ["name", "rule_set", "precedence", "active"]
    list_select_related = ["rule_set"]
    list_filter = ["rule_set", "is_active"]
    list_filter_submit = True
    search_fields = ["name"]
    ordering = ["rule_set", "precedence", "id"]
    fieldsets = [
        (None, {"fields": ["rule_set", "name", "is_active", ("valid_from", "valid_until"), "note", "logic"]})
    ]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        words, values = (
            self.admin_site.admin_view(partial(view, self)) for view in (rule_words, rule_values)
        )
        return [
            path("words/", words, name="rules_rule_words"),
            path("values/", values, name="rules_rule_values"),
            *super().get_urls(),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        only = RuleSet.objects.first() if RuleSet.objects.count() == 1 else None
        return {"rule_set": only, **super().get_changeform_initial_data(request)}

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form, rule = context["adminform"].form, kwargs.get("obj")
        chosen = rule.rule_set_id if rule else form["rule_set"].value()
        more = {
            "guide": guide_of(request),
            "rule_set": RuleSet.objects.filter(pk=chosen or 0).first(),
            "together": form.together() if rule else None,
            "sentence": in_short(rule) if rule else "",
            "objections": gathered(objecting, rule=rule.pk, since=timezone.now() - OBJECTIONS)
            if rule
            else [],
        }
        return super().render_change_form(request, {**context, **more}, *args, **kwargs)

    def get_formset_kwargs(self, request: HttpRequest, obj: Rule, inline: Any, prefix: str) -> dict[str, Any]:
        given: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk and "data" in given:
            realign(given["data"], prefix, given["queryset"].filter(rule=obj).values_list("pk", flat=True))
        return given

    def save_model(self, request: HttpRequest, obj: Rule, form: BaseModelForm[Rule], change: bool) -> None:
        if not change:
            rule_set = RuleSet.objects.select_for_update().get(pk=obj.rule_set_id)
            last = rule_set.rules.aggregate(last=Max("precedence"))["last"]
            obj.precedence = (last or 0) + 1
            renew(rule_set)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: BaseModelForm[Rule], formsets: Any, change: bool
    ) -> None:
        changed = not change or form.changed_data or any(formset.has_changed() for formset in formsets)
        super().save_related(request, form, formsets, change)
        if changed:
            touch(form.instance, caller(request), timezone.now())
        if not form.instance.targets.exists():
            warning = f"“{form.instance}” has no target yet: say who gets its leads before you publish."
            self.message_user(request, warning, messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Rule, post_url_continue: Any = None) -> HttpResponse:
        stays = "_continue" in request.POST
        return super().response_add(request, obj, post_url_continue) if stays else self.saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Rule) -> HttpResponse:
        stays = "_continue" in request.POST
        return super().response_change(request, obj) if stays else self.saved(request, obj)

    def saved(self, request: HttpRequest, rule: Rule) -> HttpResponse:
        """Back to the list, at the rule."""
        said = f"“{rule}” is saved in the draft. Leads follow it once you publish."
        self.message_user(request, said, messages.SUCCESS)
        return self.to_rule_set(rule.rule_set_id, f"#rule-{rule.pk}")

    @transaction.atomic
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The address carries the edition that was shown: what changed since is shown before it is deleted."""
        found = self.get_object(request, unquote(object_id))
        rule = Rule.objects.select_for_update().filter(pk=found.pk if found else 0).first()
        if rule is not None and request.GET.get("edition") != str(rule.edition):
            if "edition" in request.GET:
                said = f"{rule.changed_by or 'Somebody else'} changed this rule meanwhile. It is not deleted. It now says: {in_short(rule)}"
                self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(f"{request.path}?edition={rule.edition}")
        answer = super().delete_view(request, object_id, extra_context)
        if rule is not None and request.method == "POST" and answer.status_code == 302:
            return self.to_rule_set(rule.rule_set_id)
        return answer

    def delete_model(self, request: HttpRequest, obj: Rule) -> None:
        rule_set = obj.rule_set
        super().delete_model(request, obj)
        renew(rule_set)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        rule_sets = list(RuleSet.objects.filter(rules__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for rule_set in rule_sets:
            renew(rule_set)

    def to_rule_set(self, key: int, row: str = "") -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:rules_ruleset_change", args=[key]) + row)
