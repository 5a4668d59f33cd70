"""What sales ops say about a file of leads or accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from leadrouting.common.places import COUNTRIES
from leadrouting.intake.importing.dates import DAY_FIRST, MONTH_FIRST
from leadrouting.intake.importing.mapping import ACCOUNTS, LEADS, Dates, Mapping
from leadrouting.intake.synonyms import FIRST, LAST, NOTE, RECEIVED
from leadrouting.leads.attributes import PREFIX, definitions
from leadrouting.leads.models import Campaign
from leadrouting.leads.services import FIELDS

HISTORY, OUTCOMES = "history", "outcomes"
OF_LEADS = [
    (LEADS, "New leads: routed now, with clocks and messages"),
    (HISTORY, "Leads of the past: owners and outcomes as in the file, no clocks, no messages"),
    (OUTCOMES, "What became of leads that are here, found by their id"),
]
KINDS = [*OF_LEADS, (ACCOUNTS, "Accounts: companies, with their domains, parents and owners")]
OF_ACCOUNTS = [
    ("", "Leave out"),
    ("name", "Name"),
    ("external_id", "Id in the other system"),
    ("domains", "E-mail domains"),
    ("website", "Website (its domain, if it is the company’s own)"),
    ("parent", "Parent, by name, domain or id"),
    ("parent_id", "Parent, by its id"),
    ("owner", "Owner: a rep’s user name, e-mail address or name"),
    ("tier", "Tier"),
    ("lifetime_value", "Lifetime value"),
]
UNSAID = FIELDS - {"attributes", "click_ids"}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        widget=UnfoldAdminFileFieldWidget,
        allow_empty_file=True,
        help_text="CSV or Excel (.xlsx), at most 50 MB. The first row holds the headings.",
    )
    kind = forms.ChoiceField(label="What it holds", choices=KINDS, widget=UnfoldAdminSelectWidget)


def targets() -> list[Any]:
    own = [(f"{PREFIX}{one.key}", one.label) for one in definitions().values()]
    plain = sorted((name, name.replace("_", " ").capitalize()) for name in UNSAID)
    return [
        ("", "Leave out"),
        (NOTE, "Keep as a note in the message"),
        ("Name", [(FIRST, "First name"), (LAST, "Last name"), ("name", "Whole name")]),
        ("Fields of a lead", [one for one in plain if one[0] != "name"]),
        *([("Your own", own)] if own else []),
        (
            "What became of it (the past only)",
            [
                (RECEIVED, "Came in at"),
                ("owner", "Owner"),
                ("outcome", "Outcome"),
                ("closed_at", "Closed at"),
                ("revenue", "Revenue"),
                ("lost_reason", "Why it was lost"),
            ],
        ),
    ]


class ColumnsForm(forms.Form):
    """A select for each column, named column_0, column_1, …; then what holds for all rows."""

    sheet = forms.ChoiceField(label="Sheet", required=False, widget=UnfoldAdminSelectWidget)
    translations = forms.CharField(
        label="Values to translate",
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 3, "spellcheck": "false"}),
        help_text="One a line, e.g. “source: fb = facebook”. All others stay as they are.",
    )
    keep_as = forms.CharField(
        label="Keep this mapping as",
        required=False,
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
        help_text="It is used by itself for the next file with the same headings.",
    )

    def __init__(self, *args: Any, columns: list[str], sheets: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.columns = columns
        choices = self.targets()
        for place, column in enumerate(columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, widget=UnfoldAdminSelectWidget
            )
        self.choice("sheet").choices = [(one, one) for one in sheets]
        if len(sheets) < 2:
            del self.fields["sheet"]

    def targets(self) -> list[Any]:
        raise NotImplementedError

    def choice(self, name: str) -> Any:
        return self.fields[name]

    def of_columns(self) -> list[Any]:
        return [self[f"column_{place}"] for place in range(len(self.columns))]

    def of_all(self) -> list[Any]:
        return [field for field in self if not field.name.startswith("column_")]

    def chosen(self) -> list[str]:
        return [self.cleaned_data.get(f"column_{place}", "") for place in range(len(self.columns))]

    def clean_translations(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for line in filter(str.strip, self.cleaned_data["translations"].splitlines()):
            name, is_named, rest = line.partition(":")
            said, is_there, meant = rest.rpartition("=")
            if not (is_named and is_there and said.strip()):
                raise ValidationError(f"“{line.strip()}”: write it as “source: fb = facebook”.")
            found.setdefault(name.strip(), {})[said.strip()] = meant.strip()
        return found


class AccountsForm(ColumnsForm):
    def targets(self) -> list[Any]:
        return list(OF_ACCOUNTS)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not set(self.chosen()) & {"name", "external_id", "domains"}:
            raise ValidationError(
                "Say which column holds the name of the accounts, their id or their domains."
            )
        return given

    def mapping(self, before: Mapping) -> Mapping:
        columns = dict(zip(self.columns, self.chosen(), strict=True))
        return replace(before, columns=columns, values=self.cleaned_data["translations"])


class MappingForm(ColumnsForm):
    kind = forms.ChoiceField(label="What it holds", choices=OF_LEADS, widget=UnfoldAdminSelectWidget)
    order = forms.ChoiceField(
        label="Dates like 03/04/2026",
        choices=[
            ("", "Choose"),
            (DAY_FIRST, "3 April: the day first"),
            (MONTH_FIRST, "March 4: the month first"),
        ],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    zone = forms.ChoiceField(label="Time zone of the dates", widget=UnfoldAdminSelectWidget)
    country = forms.ChoiceField(
        label="Country of rows without one",
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="Phone numbers without a country code are read as numbers of it.",
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.order_by("name"), required=False, widget=UnfoldAdminSelectWidget, empty_label="None"
    )
    source = forms.CharField(
        required=False,
        max_length=60,
        widget=UnfoldAdminTextInputWidget,
        help_text="Of rows that name none.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choice("zone").choices = [(one, one) for one in sorted(available_timezones() - {"localtime"})]
        self.choice("country").choices = [("", "None"), *((one, one) for one in sorted(COUNTRIES))]
        self.order_fields(["kind", "sheet", "order", "zone", "country", "campaign", "source"])

    def targets(self) -> list[Any]:
        return targets()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = self.chosen()
        if chosen.count(RECEIVED) > 1:
            raise ValidationError("Two columns say when a lead came in: choose one.")
        if not set(chosen) - {"", RECEIVED, NOTE}:
            raise ValidationError("Say of at least one column which field it is.")
        if given.get("kind") == OUTCOMES and "external_id" not in chosen:
            raise ValidationError("Say which column holds the id (External id) by which the leads are found.")
        return given

    def mapping(self, before: Mapping) -> Mapping:
        given = self.cleaned_data
        chosen = {column: given[f"column_{place}"] for place, column in enumerate(self.columns)}
        constants = {"channel": "import", "source": given["source"]}
        if given["campaign"]:
            constants["campaign"] = given["campaign"].key
        return Mapping(
            columns={column: "" if name == RECEIVED else name for column, name in chosen.items()},
            constants={name: value for name, value in constants.items() if value},
            values=given["translations"],
            prefixes=before.prefixes,
            received=next((column for column, name in chosen.items() if name == RECEIVED), ""),
            dates=Dates(order=given["order"] or DAY_FIRST, zone=given["zone"]),
            country=given["country"],
            historical=given["kind"] != LEADS,
            outcomes=given["kind"] == OUTCOMES,
        )


def initial_of(mapping: Mapping, columns: list[str], order: str, campaign: Campaign | None) -> dict[str, Any]:
    kind = OUTCOMES if mapping.outcomes else HISTORY if mapping.historical else LEADS
    lines = [f"{name}: {a} = {b}" for name, values in mapping.values.items() for a, b in values.items()]
    chosen = {**mapping.columns, **({mapping.received: RECEIVED} if mapping.received else {})}
    return {
        "kind": kind,
        "order": order,
        "zone": mapping.dates.zone,
        "country": mapping.country,
        "campaign": campaign,
        "source": mapping.constants.get("source", ""),
        "translations": "\n".join(lines),
        **{f"column_{place}": chosen.get(column, "") for place, column in enumerate(columns)},
    }
