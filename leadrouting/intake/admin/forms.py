"""A campaign's form, as sales ops make it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.forms import CharField, ChoiceField, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from leadrouting.common.console import Inline, OpsAdmin, PositionedFormSet
from leadrouting.common.console.once import once
from leadrouting.intake.admin.mapping import MappingField
from leadrouting.intake.asking import LABELS
from leadrouting.intake.models import Form, FormField
from leadrouting.intake.snippet import snippet
from leadrouting.leads.attributes import PREFIX, definitions


def field_options() -> list[Any]:
    own = [(f"{PREFIX}{one.key}", one.label) for one in definitions().values()]
    plain = [(name, f"{label} ({name})") for name, label in LABELS.items()]
    return [("", "Choose a field"), *plain, *([("Your own", own)] if own else [])]


class FormFieldInline(Inline):
    model = FormField
    formset = PositionedFormSet
    verbose_name = "field"
    verbose_name_plural = (
        "Fields, in the order in which they are asked (none: name, e-mail, phone, company, message)"
    )
    ordering_field = "position"
    hide_ordering_field = True
    fields = ["name", "label", "is_required", "position"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        choice = ChoiceField(
            label="Field", choices=once(request, "form fields", field_options), widget=UnfoldAdminSelectWidget
        )
        form = type("FieldForm", (ModelForm,), {"name": choice})
        return super().get_formset(request, obj, **{**kwargs, "form": form})


class FormForm(ModelForm):
    mapping = MappingField()
    allowed_origins = SimpleArrayField(
        CharField(max_length=200),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        label="Websites that may send it",
        help_text="For example https://www.example.com, separated by commas. Empty: any website.",
    )

    def clean_allowed_origins(self) -> list[str]:
        return [origin_of(one) for one in self.cleaned_data["allowed_origins"] if one.strip()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("consent_required") and not given.get("consent_text"):
            self.add_error("consent_text", "Write what they agree to, or nobody can.")
        return given


def origin_of(address: str) -> str:
    """Raises ValidationError."""
    parts = urlsplit(address.strip() if "//" in address else f"https://{address.strip()}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValidationError(f"“{address}” is no website: write it like https://www.example.com.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


@admin.register(Form)
class FormAdmin(OpsAdmin):
    form = FormForm
    list_display = ["campaign", "shown_address", "shown_open"]
    list_select_related = ["campaign"]
    search_fields = ["campaign__name", "campaign__key"]
    inlines = [FormFieldInline]
    readonly_fields = ["shown_address", "shown_snippet"]
    fieldsets = [
        (None, {"fields": ["campaign", "is_open", "shown_address"]}),
        ("What it says", {"fields": ["title", "intro", "button", "thanks", "redirect_url"]}),
        ("Consent", {"fields": ["consent_text", "consent_required"]}),
        (
            "Forms on your own pages",
            {"fields": ["shown_snippet", "allowed_origins", "mapping", "per_minute"]},
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Form | None = None) -> list[str]:
        return [*self.readonly_fields, *(["campaign"] if obj else [])]

    def get_queryset(self, request: HttpRequest) -> Any:
        self.base = f"{request.scheme}://{request.get_host()}"
        return super().get_queryset(request)

    def address(self, form: Form) -> str:
        return f"{self.base}{reverse('intake:form', args=[form.campaign.key])}"

    @display(description="Its page")
    def shown_address(self, form: Form) -> str:
        if form.pk is None:
            return "Known once it is saved."
        address = self.address(form)
        return format_html(
            '<a class="text-link" href="{}" target="_blank" rel="noopener">{}</a>', address, address
        )

    @display(description="Open", boolean=True, ordering="is_open")
    def shown_open(self, form: Form) -> bool:
        return form.is_open and form.campaign.is_active

    @display(description="To paste into a page")
    def shown_snippet(self, form: Form) -> str | SafeString:
        if form.pk is None:
            return "Known once it is saved."
        return format_html('<pre class="lr-code">{}</pre>', escape(snippet(form, self.address(form))))
