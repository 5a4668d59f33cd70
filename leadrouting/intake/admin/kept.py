"""Mappings that are kept for the next file with the same headings: seen, renamed, forgotten."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from leadrouting.common.console import OpsAdmin
from leadrouting.intake.importing.mapping import ACCOUNTS, LEADS
from leadrouting.intake.models import ImportSource


@admin.register(ImportSource)
class ImportSourceAdmin(OpsAdmin):
    list_display = ["name", "shown_kind", "shown_columns"]
    search_fields = ["name"]
    readonly_fields = ["shown_kind", "shown_mapping", "shown_rest"]
    fieldsets = [
        (None, {"fields": ["name", "shown_kind"]}),
        ("What it says", {"fields": ["shown_mapping", "shown_rest"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @display(description="What it holds")
    def shown_kind(self, kept: ImportSource) -> str:
        told = kept.mapping
        if told.get("holds", LEADS) == ACCOUNTS:
            return "Accounts"
        if told.get("outcomes"):
            return "What became of leads"
        return "Leads of the past" if told.get("historical") else "New leads"

    @display(description="Columns")
    def shown_columns(self, kept: ImportSource) -> str:
        columns = kept.mapping.get("columns", {})
        return f"{sum(map(bool, columns.values())):,} of {len(columns):,}"

    @display(description="Which column is which")
    def shown_mapping(self, kept: ImportSource) -> SafeString:
        told = kept.mapping
        fields = {
            **told.get("columns", {}),
            **({told["received"]: "received"} if told.get("received") else {}),
        }
        names = told.get("order_of_columns", list(fields))
        rows = [(name, (fields.get(name) or "left out").replace("_", " ")) for name in names]
        return format_html_join("", "<div>{} → {}</div>", rows)

    @display(description="For all rows", empty_value="Nothing")
    def shown_rest(self, kept: ImportSource) -> SafeString | None:
        told = kept.mapping
        rows = [
            *told.get("constants", {}).items(),
            *([("country", told["country"])] if told.get("country") else []),
        ]
        rows += [
            (f"{name} {a}", b) for name, values in told.get("values", {}).items() for a, b in values.items()
        ]
        return format_html_join("", "<div>{} = {}</div>", rows) or None
