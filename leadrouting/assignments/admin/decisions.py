"""Decisions, to read: a sentence each in the list, the whole story on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.views import ChangeList

from leadrouting.assignments.admin import expecting
from leadrouting.assignments.admin.facts import fact_rows
from leadrouting.assignments.admin.filters import ByQueue, ByRep, ByRule
from leadrouting.assignments.admin.insight import pages
from leadrouting.assignments.admin.trying import try_page
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.stories import story
from leadrouting.common.console import ReadOnly

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Said(TypedDict):
    said: str


class WithSentences(ChangeList):
    """Writes the sentences of a page's decisions together: three queries for any number."""

    result_list: list[WithAnnotations[Decision, Said]]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        said = sentences(self.result_list)
        for decision in self.result_list:
            decision.said = said[decision.pk]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["shown_lead", "shown_cause", "said", "decided_at"]
    list_display_links = ["decided_at"]
    list_filter = ["cause", ByRule, ByRep, ByQueue]
    list_filter_submit = True
    list_fullwidth = True
    search_fields = ["lead__name", "lead__company", "=lead__email"]
    search_help_text = "The lead's name, company or whole e-mail address"
    fieldsets = [
        (None, {"fields": ["shown_lead", "shown_cause", "decided_at", "story"]}),
        ("What the rules saw", {"fields": ["facts_in_words"]}),
        (
            "Kept with it",
            {"classes": ["collapse"], "fields": ["version", "actor", "reason", "engine_version"]},
        ),
    ]
    readonly_fields = ["shown_lead", "shown_cause", "story", "facts_in_words"]
    actions_detail = ["keep"]

    def get_urls(self) -> list[Any]:
        from django.urls import path

        page = self.admin_site.admin_view(lambda request: try_page(self, request))
        trying = path("try/", page, name="assignments_decision_try")
        return [trying, *pages(self), *expecting.pages(self), *super().get_urls()]

    @action(description="Keep as a test lead", url_path="keep", icon="fact_check")
    def keep(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return expecting.keep(self, request, object_id)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WithSentences

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("lead", "actor").defer("facts")

    @display(description="Lead")
    def shown_lead(self, decision: Decision) -> str:
        link = reverse("admin:leads_lead_change", args=[decision.lead_id])
        return format_html('<a href="{}" class="text-link">{}</a>', link, decision.lead)

    @display(
        description="Cause",
        ordering="cause",
        label={
            "New lead": "success",
            "Found waiting": "info",
            "Declined": "warning",
            "Deadline missed": "danger",
            "Reassigned by hand": "primary",
        },
    )
    def shown_cause(self, decision: Decision) -> str:
        return decision.get_cause_display()

    @display(description="What was decided")
    def said(self, decision: WithAnnotations[Decision, Said]) -> str:
        return format_html('<span class="lr-said">{}</span>', decision.said)

    @display(description="Why")
    def story(self, decision: Decision) -> str:
        return render_to_string("admin/assignments/story.html", {"story": story(decision)})

    @display(description="Facts")
    def facts_in_words(self, decision: Decision) -> str:
        return render_to_string("admin/assignments/facts.html", {"rows": fact_rows(decision.facts)})
