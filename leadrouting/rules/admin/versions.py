"""Published versions, to read: their rules as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Func, IntegerField, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from unfold.decorators import display

from leadrouting.common.console import ReadOnly
from leadrouting.rules.catalogue import catalogue_of
from leadrouting.rules.documents import rule_from
from leadrouting.rules.models import Version
from leadrouting.rules.wording import all_names, rule_in_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class RuleCount(Func):
    template = "jsonb_array_length(%(expressions)s -> 'rules')"
    output_field = IntegerField()


class VersionFigures(TypedDict):
    rule_count: int


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ["shown", "is_live", "published_at", "published_by", "summary", "size"]
    list_select_related = ["rule_set", "published_by"]
    list_filter = ["rule_set", "is_live"]
    list_filter_submit = True
    fields = [
        "rule_set",
        "number",
        "is_live",
        "published_at",
        "published_by",
        "summary",
        "restores",
        "overridden",
        "catch_all",
        "rules",
    ]
    readonly_fields = ["rules", "catch_all"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).annotate(rule_count=RuleCount("document"))

    @display(description="Version", ordering="number")
    def shown(self, version: Version) -> str:
        return str(version)

    @display(description="Rules")
    def size(self, version: WithAnnotations[Version, VersionFigures]) -> int:
        return version.rule_count

    @display(description="Catch-all")
    def catch_all(self, version: Version) -> str:
        return all_names().queue(version.document["catch_all"])

    @display(description="Rules, from the top")
    def rules(self, version: Version) -> str:
        names, known = all_names(), catalogue_of(version.document)
        rules = [
            (rule["name"], rule_in_words(rule_from(rule), names, known)) for rule in version.document["rules"]
        ]
        return render_to_string("admin/rules/sentences.html", {"rules": rules})
