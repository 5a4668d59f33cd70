"""A lead as ops type it in, and as they correct it. Both go through the services that every entrance uses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, ModelForm
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.leads.models import Lead
from leadrouting.leads.revising import DESCRIPTIVE
from leadrouting.leads.services import cleaned

WHO = ["name", "email", "phone", "company", "job_title"]
WANTS = ["product", "tier", "company_size", "deal_size", "budget", "urgency", "priority", "score", "industry"]
WHERE = ["country", "region", "city", "postal_code", "language", "time_zone"]
CAME = ["channel", "source", "campaign", "medium", "landing_page", "message"]
MORE = ["tags", "behaviour_events"]
ONE_LINE = dict.fromkeys(MORE, UnfoldAdminTextInputWidget)


class LeadForm(ModelForm):
    def posted(self) -> dict[str, Any]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """The complaints of the service, each at its field."""
        clean = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned(self.posted())
            except ValidationError as error:
                self.add_errors(error)
        return clean

    def add_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)


class AddLead(LeadForm):
    country = CharField(
        max_length=2,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Two-letter code, e.g. DE. Empty: taken from the phone number.",
    )

    class Meta:
        model = Lead
        fields = [*WHO, *WANTS, *WHERE, *CAME, *MORE]
        widgets = ONE_LINE

    def posted(self) -> dict[str, Any]:
        values = {name: self.cleaned_data.get(name) for name in self.fields}
        campaign = values.pop("campaign", None)
        return {**values, "campaign": campaign.key if campaign else ""}


class ChangeLead(LeadForm):
    class Meta:
        model = Lead
        fields = [*WHO, *WANTS, *WHERE, *MORE]
        widgets = ONE_LINE

    def posted(self) -> dict[str, Any]:
        """Only what was changed: the rest may have been changed by somebody else meanwhile."""
        identity = {
            name: self.cleaned_data[name] for name in ("name", "email", "phone", "company", "country")
        }
        return identity | {name: self.cleaned_data[name] for name in self.changed_data if name in DESCRIPTIVE}
