"""A test lead as two forms: what is known of it (as when a lead is tried), and where it must go."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.forms import BooleanField, CharField, ChoiceField, Form
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from leadrouting.engine.model import StepKind
from leadrouting.rules.admin.options import place_options
from leadrouting.rules.models import Expectation, RuleSet

KINDS = (StepKind.POOL, StepKind.REP, StepKind.QUEUE)


def places() -> list[tuple[str, Any]]:
    """What a test lead can be expected to reach: owners are people, so they are named."""
    return [
        ("", "Choose who must get it") if not value else (value, options)
        for value, options in place_options()
        if not value or is_place(options)
    ]


def is_place(options: list[tuple[str, str]]) -> bool:
    return bool(options) and options[0][0].partition(":")[0] in KINDS


class WantedForm(Form):
    name = CharField(
        label="Name",
        max_length=120,
        widget=UnfoldAdminTextInputWidget,
        help_text="What this lead stands for, e.g. “VIP from India”.",
    )
    goes_to = ChoiceField(
        label="Must go to",
        choices=places,
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Choose a pool, a rep or a queue."},
        help_text="A pool: anybody in it, by this pool. A rep: exactly this one.",
    )
    forget = BooleanField(label="Leave this out from now on", required=False, widget=UnfoldBooleanWidget)

    def __init__(
        self, *args: Any, rule_set: RuleSet, test: Expectation | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.rule_set, self.test = rule_set, test

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        same = self.rule_set.expectations.filter(name=name)
        if (same.exclude(pk=self.test.pk) if self.test else same).exists():
            self.add_error("name", "This rule set has a test lead of this name already: choose another name.")
        return name

    def place(self) -> dict[str, Any]:
        """The columns of an Expectation."""
        kind, _, key = self.cleaned_data["goes_to"].partition(":")
        return {"kind": kind, **{f"{one.value}_id": int(key) if one == kind else None for one in KINDS}}


def storable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Decimals as text: exact, and JSON knows them."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in given.items()}
