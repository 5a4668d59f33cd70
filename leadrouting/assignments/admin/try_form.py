"""The facts that people ask about most, as fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import (
    CharField,
    ChoiceField,
    DateTimeField,
    DateTimeInput,
    DecimalField,
    Form,
    HiddenInput,
    IntegerField,
    JSONField,
)
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from leadrouting.leads.admin.values import given_in, typed_values, value_fields
from leadrouting.leads.attributes import PREFIX, definitions
from leadrouting.leads.enums import Channel, Priority, Urgency
from leadrouting.leads.models import Campaign, Lead
from leadrouting.teams.models import Rep

NAMES = [
    "channel", "source", "campaign", "country", "region", "language", "product", "company_size", "deal_size",
    "tier", "score", "priority", "urgency", "email", "tags", "is_repeat", "industry", "job_title",
    "behaviour_events", "account_owner", "previous_owner",
]  # fmt: skip
LISTS = ("tags", "behaviour_events")
MORE = ["city", "postal_code", "time_zone", "medium", "budget", "landing_page", "company"]
"""Facts of a stored lead that have no field here and count all the same when it is tried again."""


def text(label: str, example: str = "", **options: Any) -> CharField:
    widget = UnfoldAdminTextInputWidget(attrs={"placeholder": example})
    return CharField(label=label, required=False, widget=widget, **options)


def choice(label: str, options: Any) -> ChoiceField:
    return ChoiceField(
        label=label, required=False, choices=[("", "Any"), *options], widget=UnfoldAdminSelectWidget
    )


def campaigns() -> list[tuple[str, str]]:
    return [("", "None"), *Campaign.objects.values_list("key", "name")]


def reps() -> list[tuple[str, str]]:
    found = Rep.objects.select_related("user").order_by("user__name", "pk")
    return [("", "As the e-mail address says"), *((str(rep.pk), str(rep.user)) for rep in found)]


def owner(label: str) -> ChoiceField:
    return ChoiceField(label=label, required=False, choices=reps, widget=UnfoldAdminSelectWidget)


class TryForm(Form):
    channel = choice("Channel", Channel.choices)
    source = text("Source", "google")
    campaign = ChoiceField(
        label="Campaign", required=False, choices=campaigns, widget=UnfoldAdminSelectWidget
    )
    country = text("Country", "DE", max_length=60)
    region = text("Region", "US-CA")
    language = text("Language", "de", max_length=8)
    product = text("Product")
    tier = text("Tier")
    industry = text("Industry")
    job_title = text("Job title", "Head of Sales")
    company_size = IntegerField(
        label="Company size", required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )
    deal_size = DecimalField(
        label="Deal size", required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget
    )
    score = IntegerField(label="Score", required=False, widget=UnfoldAdminIntegerFieldWidget)
    priority = choice("Priority", Priority.choices)
    urgency = choice("Urgency", Urgency.choices)
    email = text("E-mail", "jane@example.com")
    is_repeat = choice("Repeat enquiry", [("yes", "Yes"), ("no", "No")])
    tags = text("Tags", "vip, partner")
    behaviour_events = text("Behaviour events", "pricing page seen, demo asked for")
    account_owner = owner("Account owner")
    previous_owner = owner("Previous owner")
    at = DateTimeField(
        label="At",
        required=False,
        widget=DateTimeInput({"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}, "%Y-%m-%dT%H:%M"),
        help_text="Your time. Empty: now. Loads and turns are always those of now.",
    )
    more = JSONField(required=False, widget=HiddenInput)
    """Facts that have no field here, by their key; they count as they are."""
    rules = IntegerField(required=False, widget=HiddenInput)
    """The rule set whose draft is asked; empty: what is live."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """With a field for each custom attribute, before the moment."""
        super().__init__(*args, **options)
        self.fields.update(value_fields(definitions()))
        self.fields["at"] = self.fields.pop("at")

    def clean_more(self) -> dict[str, Any]:
        more = self.cleaned_data["more"] or {}
        if not isinstance(more, dict):
            raise ValidationError("The other facts are no longer readable. Start again.")
        return more

    def given(self, lead: Lead | None = None) -> dict[str, Any]:
        """What was filled in, as `supposed` takes it, over what else is known of a stored lead."""
        clean = self.cleaned_data
        known = {name: getattr(lead, name) for name in MORE} if lead else {}
        given = {name: clean[name] for name in NAMES if clean.get(name) not in ("", None)}
        for name in given.keys() & LISTS:
            given[name] = [part.strip() for part in given[name].split(",") if part.strip()]
        if "is_repeat" in given:
            given["is_repeat"] = given["is_repeat"] == "yes"
        said = given_in(clean, self.fields)
        if own := {key: value for key, value in said.items() if value is not None}:
            given["attributes"] = own
        return {name: value for name, value in known.items() if value not in ("", None, [], {})} | given

    @classmethod
    def of(cls, lead: Lead) -> dict[str, Any]:
        """A stored lead as the form's first values, at the moment of now."""
        values = {name: getattr(lead, name, "") for name in NAMES}
        held = {f"{PREFIX}{key}": value for key, value in lead.attributes.items()}
        own = typed_values(definitions(), held)
        return values | {
            "campaign": lead.campaign.key if lead.campaign else "",
            **{name: ", ".join(getattr(lead, name)) for name in LISTS},
            "account_owner": str(lead.account.owner_id or "") if lead.account else "",
            "previous_owner": str(lead.previous_owner_id or ""),
            "is_repeat": "yes" if lead.is_repeat else "no",
            **own,
            "more": {name: value for name, value in held.items() if name not in own},
        }

    @classmethod
    def holding(cls, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Facts as what would have been typed; those that no field takes as they are go into `more`."""
        typed: dict[str, Any] = typed_values(definitions(), facts)
        more: dict[str, Any] = {}
        for key, value in facts.items():
            if key in typed:
                continue
            text = ", ".join(value) if key in LISTS and isinstance(value, list) else str(value)
            text = ("yes" if value else "no") if isinstance(value, bool) else text
            if takes(key, text):
                typed[key] = text
            else:
                more[key] = value
        return {**typed, "more": json.dumps(more)}


def takes(key: str, text: str) -> bool:
    """Whether the form has a field for this fact that accepts the text."""
    if key not in NAMES:
        return False
    try:
        TryForm.base_fields[key].clean(text)
    except ValidationError:
        return False
    return True
