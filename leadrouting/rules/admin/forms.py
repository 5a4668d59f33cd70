"""The forms of a rule, its conditions and its targets; the engine has the last word on each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ChoiceField, HiddenInput, ModelForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from leadrouting.engine.conditions import ConditionError, check_condition
from leadrouting.engine.logic import LogicError, parse
from leadrouting.engine.model import StepKind
from leadrouting.engine.operators import operators_for
from leadrouting.rules.admin.options import CODED, codes_of, fact_options
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import condition_from, operand_of
from leadrouting.rules.models import Condition, Rule, Target


class RuleForm(ModelForm):
    class Meta:
        model = Rule
        fields = ["rule_set", "name", "is_active", "logic", "note"]

    def __init__(self, *args: Any, **options: Any) -> None:
        """A rule is made on the page of its rule set and stays there; asked for only where that is not known."""
        super().__init__(*args, **options)
        if self.instance.rule_set_id or self.initial.get("rule_set") or self.data.get("rule_set"):
            self.fields["rule_set"].widget = HiddenInput()

    def clean_logic(self) -> str:
        """Counted are the conditions as posted: they are saved together with the logic."""
        logic = self.cleaned_data["logic"]
        try:
            parse(logic, self.posted_conditions())
        except LogicError as error:
            self.fields["logic"].widget.attrs["data-column"] = error.column
            raise ValidationError(f"{error}.") from None
        return logic

    def posted_conditions(self) -> int:
        total = self.data.get("conditions-TOTAL_FORMS", "0")
        rows = range(int(total) if total.isdecimal() else 0)
        return sum(
            bool(self.data.get(f"conditions-{row}-fact")) and not self.data.get(f"conditions-{row}-DELETE")
            for row in rows
        )


class ConditionForm(ModelForm):
    fact = ChoiceField(choices=fact_options, widget=UnfoldAdminSelectWidget)

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
        known = catalogue()
        try:
            check_condition(condition, known)
        except ConditionError as error:
            fits = operator in operators_for(known[key].type)
            self.add_error("value" if fits else "operator", str(error))
        else:
            self.check_codes(key, operand)
        return clean

    def check_codes(self, key: str, operand: Any) -> None:
        if key not in CODED or operand is None:
            return
        asked = {str(one).strip().lower() for one in (operand if isinstance(operand, list) else [operand])}
        known = codes_of(key)
        if unknown := sorted(asked - {code.lower() for code in known}):
            have = f"Known are: {', '.join(known[:12])}." if known else "There is none yet."
            self.add_error("value", f"There is no {key} “{unknown[0]}”. {have}")


class TargetForm(ModelForm):
    """One select in place of three: a target is exactly one pool, rep or queue. Options come from the inline."""

    goes_to = ChoiceField(
        label="Goes to",
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Choose a pool, a rep or a queue."},
    )

    class Meta:
        model = Target
        fields = ["goes_to", "ignore_hours", "ignore_capacity", "position"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        target = self.instance
        if target.kind:
            self.initial["goes_to"] = (
                f"{target.kind}:{target.pool_id or target.rep_id or target.queue_id or 0}"
            )

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if "goes_to" in clean:
            kind, _, key = clean["goes_to"].partition(":")
            self.instance.kind = StepKind(kind)
            for one in (StepKind.POOL, StepKind.REP, StepKind.QUEUE):
                setattr(self.instance, f"{one.value}_id", int(key) if one == kind else None)
        return clean
