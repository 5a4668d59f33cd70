"""Custom attributes: what ops want to know about a lead beyond what is built in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin, messages
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from leadrouting.common.console import OpsAdmin
from leadrouting.leads.admin.attribute_form import AttributeForm
from leadrouting.leads.attributes import Use, refusal, remove, uses_of
from leadrouting.leads.models import Attribute

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

WITH_CHOICES = (Attribute.Type.CHOICE, Attribute.Type.SET)
HELD = "SELECT key, count(*) FROM leads_lead, jsonb_object_keys(attributes) AS key WHERE key = ANY(%s) GROUP BY key"


class Counted(TypedDict):
    """What the list knows beside a row's own fields."""

    held: int
    uses: list[Use]


@admin.register(Attribute)
class AttributeAdmin(OpsAdmin):
    form = AttributeForm
    list_display = ["label", "key", "type", "shown_choices", "shown_held", "shown_uses"]
    list_filter = ["type"]
    list_filter_submit = True
    search_fields = ["label", "key"]
    search_help_text = "Label or key"
    list_before_template = "admin/leads/attributes.html"

    class Media:
        js = ["admin/attribute.js"]

    def get_readonly_fields(self, request: HttpRequest, obj: Attribute | None = None) -> list[str]:
        """Leads and published versions lean on both."""
        return ["key", "type"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Attribute | None = None) -> Any:
        """While it is made, a script shows what the type that is chosen can have."""
        fits = {"choices": WITH_CHOICES, "unit": [Attribute.Type.NUMBER]}
        holds = [name for name, types in fits.items() if obj is None or obj.type in types]
        return [
            (None, {"fields": ["label", "key", "type"]}),
            ("What it may hold", {"fields": [*holds, "help"]}),
        ]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With what the rows of the page need, in three queries for all."""
        page = super().get_changelist_instance(request)
        rows = page.result_list = list(page.result_list)
        held, uses = held_by_key([row.key for row in rows]), uses_of(row.key for row in rows)
        for row in rows:
            row.held, row.uses = held.get(row.key, 0), uses[row.key]
        return page

    @display(description="Choices")
    def shown_choices(self, row: Attribute) -> str:
        if row.type not in WITH_CHOICES:
            return f"In {row.unit}" if row.unit else "–"
        named = ", ".join(row.choices[:6])
        return f"{named} and {len(row.choices) - 6} more" if len(row.choices) > 6 else named or "Any text"

    @display(description="Leads with a value")
    def shown_held(self, row: WithAnnotations[Attribute, Counted]) -> str:
        return f"{row.held:,}" if row.held else "None yet"

    @display(description="Rules that ask about it")
    def shown_uses(self, row: WithAnnotations[Attribute, Counted]) -> str:
        links = ((use.link, use.rule) for use in row.uses[:4])
        named = format_html_join(", ", '<a href="{}" class="text-link">{}</a>', links)
        more = f" and {len(row.uses) - 4} more" if len(row.uses) > 4 else ""
        return format_html("{}{}", named, more) if row.uses else "None"

    def why_kept(self, obj: Any) -> str:
        uses = uses_of([obj.key])[obj.key]
        return refusal(obj, uses) if uses else ""

    def delete_model(self, request: HttpRequest, obj: Attribute) -> None:
        held = held_by_key([obj.key]).get(obj.key, 0)
        remove(obj)
        if held:
            self.message_user(request, left_behind(obj, held), messages.INFO)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Attribute]) -> None:
        for attribute in queryset:
            self.delete_model(request, attribute)


def held_by_key(keys: list[str]) -> dict[str, int]:
    """How many leads have a value under each key. One query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [keys])
        return dict(cursor.fetchall())


def left_behind(attribute: Attribute, held: int) -> str:
    leads = "1 lead keeps its" if held == 1 else f"{held:,} leads keep their"
    return (
        f"{leads} “{attribute}”: it is shown on the lead's page as it was. Rules, forms, imports and the API no "
        f"longer know it, unless an attribute with the key “{attribute.key}” is made again."
    )
