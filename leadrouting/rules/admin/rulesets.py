"""The draft: rules in order, each a sentence; and from here it is published."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from leadrouting.common.console import Inline, OpsAdmin, PositionedFormSet, ReadOnlyInline
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.sentences import Names
from leadrouting.rules.admin.publishing import publish_page, state_in_words
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import document_of, rule_from
from leadrouting.rules.models import Rule, RuleSet, Version
from leadrouting.rules.wording import all_names, rule_in_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class RulesInOrder(PositionedFormSet):
    ordering = "precedence"


class RuleInline(Inline):
    model = Rule
    formset = RulesInOrder
    verbose_name_plural = "Rules: from the top, the first that matches decides"
    ordering_field = "precedence"
    hide_ordering_field = True
    can_delete = False
    fields = ["sentence", "is_active", "precedence"]
    readonly_fields = ["sentence"]
    template_after = "admin/rules/add_rule.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        return super().get_queryset(request).prefetch_related("conditions", "targets", "skills")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a rule has a page of its own

    @cached_property
    def names(self) -> Names:
        return all_names()

    @cached_property
    def known(self) -> Catalogue:
        return catalogue()

    @display(description="Rule")
    def sentence(self, rule: Rule) -> str:
        words = rule_in_words(rule_from(document_of(rule)), self.names, self.known)
        link = reverse("admin:rules_rule_change", args=[rule.pk])
        return format_html(
            '<a href="{}" class="rule-name">{}</a><span class="rule-words">{}</span>', link, rule.name, words
        )


class VersionInline(ReadOnlyInline):
    model = Version
    verbose_name_plural = "Published versions"
    fields = ["shown", "published_at", "published_by", "summary", "is_live"]
    readonly_fields = ["shown"]
    per_page = 10

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).select_related("published_by").defer("document")

    @display(description="Version")
    def shown(self, version: Version) -> str:
        link = reverse("admin:rules_version_change", args=[version.pk])
        return format_html('<a href="{}" class="text-link">v{}</a>', link, version.number)


class RuleSetFigures(TypedDict):
    size: int
    live_versions: list[Version]


@admin.register(RuleSet)
class RuleSetAdmin(OpsAdmin):
    list_display = ["name", "active_rules", "live", "catch_all"]
    list_select_related = ["catch_all"]
    search_fields = ["name"]
    readonly_fields = ["state"]
    actions_detail = ["publish"]
    keep_because = "What it decided must stay explainable. Publish another rule set instead."

    def get_queryset(self, request: HttpRequest) -> QuerySet[RuleSet]:
        live = Version.objects.filter(is_live=True).defer("document")
        rules = Count("rules", filter=Q(rules__is_active=True))
        return (
            super()
            .get_queryset(request)
            .annotate(size=rules)
            .prefetch_related(Prefetch("versions", live, to_attr="live_versions"))
        )

    def get_fieldsets(self, request: HttpRequest, obj: RuleSet | None = None) -> Any:
        return [(None, {"fields": [*(["state"] if obj else []), "name", "catch_all", "note"]})]

    def get_inlines(self, request: HttpRequest, obj: RuleSet | None) -> list[Any]:
        return [RuleInline, VersionInline] if obj else []

    @display(description="Active rules", ordering="size")
    def active_rules(self, rule_set: WithAnnotations[RuleSet, RuleSetFigures]) -> int:
        return rule_set.size

    @display(description="Live", label="success", empty_value="Draft only")
    def live(self, rule_set: WithAnnotations[RuleSet, RuleSetFigures]) -> str | None:
        return f"v{rule_set.live_versions[0].number} routes leads" if rule_set.live_versions else None

    @display(description="State")
    def state(self, rule_set: RuleSet) -> str:
        return state_in_words(rule_set)

    @action(description="Publish", url_path="publish", icon="publish", variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return publish_page(self, request, object_id)
