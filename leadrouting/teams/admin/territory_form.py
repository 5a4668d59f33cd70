"""The form of a territory, and its owners for a time."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ModelForm

from leadrouting.common.console import Inline
from leadrouting.common.console.inlines import KeptFormSet
from leadrouting.common.places import region_code
from leadrouting.teams.admin.territory_fields import (
    AccountsField,
    CountriesField,
    IndustriesField,
    ListField,
    PostalField,
)
from leadrouting.teams.models import Territory, TerritoryOwner

FOREVER = datetime.max.replace(tzinfo=UTC)


class TerritoryForm(ModelForm):
    countries = CountriesField(
        help_text="Names or two-letter codes, separated by commas: Germany, AT, Schweiz."
    )
    regions = ListField(help_text="Names or codes, separated by commas: Bavaria, US-CA, Île-de-France.")
    postal_areas = PostalField(
        label="Postal codes",
        help_text="After their country: codes, beginnings and ranges. DE 80, 81, 85000–86999. A line for each country: GB SW1, M2–M20.",
    )
    industries = IndustriesField(help_text="As leads name them, separated by commas: software, retail.")
    accounts = AccountsField(
        label="Named accounts",
        help_text="Domains, separated by commas: acme.com. Addresses below a domain count too.",
    )

    class Meta:
        model = Territory
        fields = [
            "name",
            "code",
            "parent",
            "owner",
            "pool",
            "backup",
            "countries",
            "regions",
            "postal_areas",
            "industries",
            "size_from",
            "size_to",
            "accounts",
        ]
        labels = {"size_from": "Employees, from", "size_to": "Employees, to"}

    def clean_parent(self) -> Territory | None:
        parent = at = self.cleaned_data["parent"]
        while at is not None:
            if at.pk == self.instance.pk:
                raise ValidationError(f"“{parent}” lies within this territory itself. Choose one above it.")
            at = at.parent
        return parent

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "regions" in data:
            data["regions"] = self.read_regions(data["regions"], self.countries_near(data))
        if data.get("backup") and data["backup"] == data.get("owner"):
            self.add_error("backup", "The backup stands in for the owner: choose somebody else.")
        if data.get("pool") and data.get("owner"):
            self.add_error("pool", "Choose a rep or a pool as the owner, not both.")
        elif data.get("pool") and data.get("backup"):
            self.add_error(
                "backup", "A pool needs no backup: whoever of its members is there gets the leads."
            )
        return data

    def countries_near(self, data: dict[str, Any]) -> list[str]:
        """Those named here, else those of the nearest territory above that names some."""
        found, at = data.get("countries") or [], data.get("parent")
        while not found and at is not None:
            found, at = at.countries, at.parent
        return found

    def read_regions(self, texts: list[str], countries: list[str]) -> list[str]:
        found = []
        for text in texts:
            near = {code for country in countries if (code := region_code(text, country))}
            code = near.pop() if len(near) == 1 else region_code(text)
            if code:
                found.append(code)
            else:
                self.add_error(
                    "regions",
                    f"“{text}” is no region that we can tell. Write its code with the country, e.g. DE-BY or US-CA.",
                )
        return sorted(set(found))


class TermFormSet(KeptFormSet):
    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.kept() if form.is_valid()]
        spans = sorted(
            (row["valid_from"], row.get("valid_until") or FOREVER) for row in rows if row.get("valid_from")
        )
        for (_, end), (start, _) in pairwise(spans):
            if start < end:
                raise ValidationError("Two owners at the same time. End the one before the other begins.")


class TermInline(Inline):
    model = TerritoryOwner
    formset = TermFormSet
    fields = ["rep", "pool", "valid_from", "valid_until"]
    verbose_name = "owner for a time"
    verbose_name_plural = "Owners for a time: each counts over the owner above from its start to its end"
