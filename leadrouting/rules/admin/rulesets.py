"""The draft: rules in order, each a sentence; and from here it is published."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin, messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.admin.acts import act
from leadrouting.rules.admin.filing import file_pages
from leadrouting.rules.admin.history import pages
from leadrouting.rules.admin.publishing import publish_page, state_in_words
from leadrouting.rules.admin.rows import rows_of
from leadrouting.rules.admin.ruleset_form import RuleSetForm
from leadrouting.rules.documents import draft_from
from leadrouting.rules.editing import renew
from leadrouting.rules.models import RuleSet, Version

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class RuleSetFigures(TypedDict):
    size: int
    live_versions: list[Version]


@admin.register(RuleSet)
class RuleSetAdmin(OpsAdmin):
    form = RuleSetForm
    list_display = ["name", "active_rules", "live", "catch_all"]
    list_select_related = ["catch_all"]
    search_fields = ["name"]
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

    def get_urls(self) -> list[URLPattern | URLResolver]:
        view = self.admin_site.admin_view(partial(act, self))
        here = path("<path:object_id>/rules/", view, name="rules_ruleset_rules")
        return [here, *pages(self), *file_pages(self), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        rule_set = kwargs.get("obj")
        if rule_set is not None:
            rows = list(rows_of(rule_set, timezone.now()))
            draft = draft_from(rule_set, [row.document for row in rows if row.rule.is_active])
            state = state_in_words(rule_set, draft)
            context |= {"rule_set": rule_set, "rows": rows, "state": state}
        together = context["adminform"].form.together()
        return super().render_change_form(request, {**context, "together": together}, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: RuleSet, form: BaseModelForm[RuleSet], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change:
            renew(obj)

    def response_add(self, request: HttpRequest, obj: RuleSet, post_url_continue: Any = None) -> HttpResponse:
        """A new rule set is empty: on to its page, where its first rule is built."""
        said = f"“{obj}” is made. Build its first rule; nothing routes leads before you publish."
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(obj))

    def response_post_save_change(self, request: HttpRequest, obj: RuleSet) -> HttpResponse:
        return HttpResponseRedirect(self.change_url(obj))

    @display(description="Active rules", ordering="size")
    def active_rules(self, rule_set: WithAnnotations[RuleSet, RuleSetFigures]) -> int:
        return rule_set.size

    @display(description="Live", label="success", empty_value="Draft only")
    def live(self, rule_set: WithAnnotations[RuleSet, RuleSetFigures]) -> str | None:
        return f"v{rule_set.live_versions[0].number} routes leads" if rule_set.live_versions else None

    @action(description="Publish", url_path="publish", icon="publish", variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return publish_page(self, request, object_id)
