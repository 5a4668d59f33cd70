"""A lead as ops type it in, and as they correct it. Both go through the services that every entrance uses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField, ModelForm
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.leads.admin.values import given_in, initials, value_fields
from leadrouting.leads.attributes import PREFIX, Definitions
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
    """With a field for each custom attribute, added by `with_attributes`."""

    country = CharField(
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Two-letter code or name, e.g. DE. Empty: taken from the phone number.",
    )
    region = CharField(
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Code or name, e.g. US-CA or Bavaria.",
    )

    def posted(self) -> dict[str, Any]:
        raise NotImplementedError

    def changes(self) -> dict[str, Any]:
        """As `revise_lead` takes them: of the attributes only those that were changed."""
        plain = {name: self.cleaned_data[name] for name in self.changed_data if name in DESCRIPTIVE}
        said = given_in(self.cleaned_data, self.changed_data)
        return {**plain, "attributes": said} if said else plain

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
    class Meta:
        model = Lead
        fields = [*WHO, *WANTS, *WHERE, *CAME, *MORE]
        widgets = ONE_LINE

    def posted(self) -> dict[str, Any]:
        values = {name: self.cleaned_data.get(name) for name in self.fields if not name.startswith(PREFIX)}
        campaign = values.pop("campaign", None)
        said = {
            key: value for key, value in given_in(self.cleaned_data, self.fields).items() if value is not None
        }
        return {**values, "campaign": campaign.key if campaign else "", "attributes": said}


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
        return identity | self.changes()


def with_attributes(form: type[LeadForm], definitions: Definitions, lead: Lead | None) -> type[LeadForm]:
    held = lead.attributes if lead else {}
    shown = initials(definitions, held)

    def init(self: LeadForm, *args: Any, **options: Any) -> None:
        super(made, self).__init__(*args, **options)  # type: ignore[arg-type]  # it is made below
        self.initial = {**shown, **self.initial}

    made = type(form.__name__, (form,), {**value_fields(definitions, held), "__init__": init})
    return made
