"""Sources: one name for each, whatever it comes under."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.forms import CharField, ModelForm
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.leads.models import Source
from leadrouting.leads.sources import folded, taken


class SourceForm(ModelForm):
    synonyms = SimpleArrayField(
        CharField(max_length=60, required=False),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=str(Source._meta.get_field("synonyms").help_text),
    )

    def clean_synonyms(self) -> list[str]:
        names = list(dict.fromkeys(one.strip() for one in self.cleaned_data["synonyms"] or [] if one.strip()))
        if empty := [one for one in names if not folded(one)]:
            raise ValidationError(f"“{empty[0]}” has neither letters nor figures: it would never be found.")
        return names

    def clean(self) -> dict[str, object]:
        given = super().clean() or self.cleaned_data
        meant = Source(pk=self.instance.pk, **{name: given.get(name) or "" for name in ("key", "name")})
        meant.synonyms = given.get("synonyms") or []
        for name, other in taken(meant).items():
            raise ValidationError(
                f"“{name}” is what “{other}” is called already. A name belongs to one source."
            )
        return given


@admin.register(Source)
class SourceAdmin(OpsAdmin):
    form = SourceForm
    list_display = ["name", "key", "shown_synonyms"]
    search_fields = ["name", "key", "synonyms"]
    prepopulated_fields = {"key": ["name"]}
    fieldsets = [(None, {"fields": [("name", "key"), "synonyms"]})]

    @display(description="Also called")
    def shown_synonyms(self, source: Source) -> str:
        return ", ".join(source.synonyms)
