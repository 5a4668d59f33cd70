"""The forms of a rule's conditions and targets. Their options come from the inlines, read once per page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import ChoiceField, IntegerField, ModelForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from leadrouting.engine.conditions import ConditionError, check_condition
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import StepKind
from leadrouting.engine.operators import operators_for
from leadrouting.rules.documents import condition_from, operand_of
from leadrouting.rules.models import Condition, Target


class ConditionForm(ModelForm):
    known: Catalogue
    codes: Mapping[str, Mapping[str, str]]

    class Meta:
        model = Condition
        fields = ["fact", "operator", "value", "position"]
        widgets = {"value": UnfoldAdminTextInputWidget}

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if self.errors:
            return clean
        key, operator = clean["fact"], clean["operator"]
        operand = operand_of(operator, clean.get("value", ""))
        if operand is None:
            clean["value"] = ""
        condition = condition_from({"fact": key, "operator": operator, "operand": operand})
        try:
            check_condition(condition, self.known)
        except ConditionError as error:
            fits = operator in operators_for(self.known[key].type)
            self.add_error("value" if fits else "operator", str(error))
        else:
            self.check_codes(key, operand)
        return clean

    def check_codes(self, key: str, operand: Any) -> None:
        if key not in self.codes or operand is None:
            return
        asked = {str(one).strip().lower() for one in (operand if isinstance(operand, list) else [operand])}
        known = list(self.codes[key])
        if unknown := sorted(asked - {code.lower() for code in known}):
            have = f"Known are: {', '.join(known[:12])}." if known else "There is none yet."
            self.add_error("value", f"There is no {key} “{unknown[0]}”. {have}")


class TargetForm(ModelForm):
    """One select in place of kind, pool, rep and queue: a target is exactly one of them."""

    goes_to = ChoiceField(
        label="Goes to",
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Choose a pool, a team, a rep or a queue."},
    )
    wait = IntegerField(
        label="Wait, minutes",
        required=False,
        min_value=0,
        max_value=10080,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Hold the lead for this step so long before the next step is tried.",
    )

    class Meta:
        model = Target
        fields = [
            "goes_to",
            "wait",
            "only_present",
            "ignore_hours",
            "ignore_capacity",
            "drop_skills",
            "position",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        target = self.instance
        if target.kind:
            self.initial["goes_to"] = (
                f"{target.kind}:{target.pool_id or target.rep_id or target.queue_id or 0}"
            )

    def clean_wait(self) -> int:
        return self.cleaned_data["wait"] or 0

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if "goes_to" in clean:
            kind, _, key = clean["goes_to"].partition(":")
            self.instance.kind = StepKind(kind)
            for one in (StepKind.POOL, StepKind.REP, StepKind.QUEUE):
                setattr(self.instance, f"{one.value}_id", int(key) if one == kind else None)
            if kind == StepKind.QUEUE:  # it takes every lead at once: nothing to wait for or to lift
                clean |= dict.fromkeys(
                    ("only_present", "ignore_hours", "ignore_capacity", "drop_skills"), False
                )
                clean["wait"] = 0
        return clean
