"""The tree of places."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.teams.models import Territory


class TerritoryForm(ModelForm):
    class Meta:
        model = Territory
        fields = ["name", "code", "parent", "owner", "countries", "regions"]
        widgets = {"countries": UnfoldAdminTextInputWidget, "regions": UnfoldAdminTextInputWidget}

    def clean_countries(self) -> list[str]:
        return in_capitals(self.cleaned_data["countries"], 2, "DE")

    def clean_regions(self) -> list[str]:
        return in_capitals(self.cleaned_data["regions"], None, "US-CA")

    def clean_parent(self) -> Territory | None:
        parent = at = self.cleaned_data["parent"]
        while at is not None:
            if at.pk == self.instance.pk:
                raise ValidationError(f"“{parent}” lies within this territory itself. Choose one above it.")
            at = at.parent
        return parent


def in_capitals(codes: list[str], length: int | None, example: str) -> list[str]:
    clean = sorted({code.strip().upper() for code in codes if code.strip()})
    for code in clean:
        if (length and len(code) != length) or (not length and "-" not in code):
            raise ValidationError(f"“{code}” is not a code such as {example}.")
    return clean


@admin.register(Territory)
class TerritoryAdmin(OpsAdmin):
    form = TerritoryForm
    list_display = ["name", "code", "parent", "owner", "places"]
    list_select_related = ["parent", "owner__user"]
    list_filter = ["parent"]
    list_filter_submit = True
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}
    keep_because = "Move the territories below it first."

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A code that rules use does not follow a new name."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @display(description="Places named here")
    def places(self, territory: Territory) -> str:
        return ", ".join([*territory.countries, *territory.regions]) or "None of its own"
