"""Systems that deliver leads, messages and bookings to us, as sales ops connect them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from leadrouting.common.console import OpsAdmin
from leadrouting.intake.admin.mapping import MappingField
from leadrouting.intake.admin.steps import STEPS
from leadrouting.intake.models import Connection, Kind

SECRETS = ("secret", "old_secret", "verify_token", "access_token")
NONE = "-"
"""What is typed to remove a secret."""


def secret_field(name: str) -> CharField:
    asked: Any = Connection._meta.get_field(name)
    stays = "Empty: what is stored stays. A single “-” removes it."
    return CharField(
        label=str(asked.verbose_name).capitalize(),
        max_length=asked.max_length,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=f"{asked.help_text} {stays}",
    )


class ConnectionForm(ModelForm):
    secret = secret_field("secret")
    old_secret = secret_field("old_secret")
    verify_token = secret_field("verify_token")
    access_token = secret_field("access_token")
    mapping = MappingField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stored = {name: getattr(self.instance, name) for name in SECRETS}
        for name in SECRETS:
            self.initial.pop(name, None)
            if name in self.fields:
                self.fields[name].widget.attrs["placeholder"] = "Stored" if self.stored[name] else "None"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name in SECRETS:
            typed = given.get(name, "")
            given[name] = "" if typed == NONE else typed or self.stored[name]
        if not given["secret"]:
            raise ValidationError(
                {"secret": "Enter what the system signs with: without it nothing is believed."}
            )
        return given


@admin.register(Connection)
class ConnectionAdmin(OpsAdmin):
    form = ConnectionForm
    list_display = ["name", "kind", "campaign", "shown_address", "refused", "active"]
    list_select_related = ["campaign"]
    list_filter = ["kind"]
    search_fields = ["name", "key"]
    prepopulated_fields = {"key": ["name"]}
    readonly_fields = ["shown_address", "shown_steps", "refused", "refused_at"]
    fieldsets = [
        (None, {"fields": ["kind", "name", "key", "campaign", "is_active"]}),
        ("Over there", {"fields": ["shown_address", "shown_steps"]}),
        ("Secrets", {"fields": list(SECRETS)}),
        ("What it says", {"fields": ["mapping"]}),
        ("Refused, because the signature was wrong", {"fields": [("refused", "refused_at")]}),
    ]
    keep_because = "Switch it off instead: what it delivered is kept."

    def get_queryset(self, request: HttpRequest) -> Any:
        self.base = f"{request.scheme}://{request.get_host()}"
        return super().get_queryset(request)

    @display(description="Address")
    def shown_address(self, connection: Connection) -> str | SafeString:
        if connection.pk is None:
            return "Known once it is saved."
        path = reverse("intake:webhook_of", args=[connection.kind, connection.key])
        return format_html('<code class="lr-code">{}{}</code>', self.base, path)

    @display(description="How to set it up")
    def shown_steps(self, connection: Connection) -> str | SafeString:
        kinds = [Kind(connection.kind)] if connection.kind else []
        if not kinds:
            return "Told once it is saved."
        lines = ((line,) for line in STEPS[kinds[0]])
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", lines))
