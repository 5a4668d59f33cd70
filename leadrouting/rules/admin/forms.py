"""The form of a rule; the engine has the last word on its logic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DateTimeField, DateTimeInput, HiddenInput
from django.utils import timezone
from unfold.widgets import INPUT_CLASSES

from leadrouting.engine.logic import LogicError, parse
from leadrouting.rules.admin.moments import span, when
from leadrouting.rules.admin.together import TogetherForm
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import document_of, rule_from
from leadrouting.rules.models import Rule
from leadrouting.rules.wording import all_names, rule_in_words


class MomentField(DateTimeField):
    """One input of the browser's own, in the zone of the person who looks."""

    def __init__(self, **options: Any) -> None:
        attributes = {"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}
        widget = DateTimeInput(attributes, format="%Y-%m-%dT%H:%M")
        super().__init__(required=False, widget=widget, **options)


class LogicMixin:
    """Filter logic over the conditions that are posted with it: they are saved together."""

    cleaned_data: dict[str, Any]
    fields: dict[str, Any]
    data: Any

    def clean_logic(self) -> str:
        logic: str = self.cleaned_data["logic"]
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


class RuleForm(LogicMixin, TogetherForm):
    valid_from = MomentField()
    valid_until = MomentField()

    class Meta:
        model = Rule
        fields = ["rule_set", "name", "is_active", "valid_from", "valid_until", "logic", "note"]

    def __init__(self, *args: Any, **options: Any) -> None:
        """A rule is made on the page of its rule set and stays there; asked for only where that is not known."""
        super().__init__(*args, **options)
        if self.instance.rule_set_id or self.initial.get("rule_set") or self.data.get("rule_set"):
            self.fields["rule_set"].widget = HiddenInput()
        zone = timezone.get_current_timezone_name().replace("_", " ")
        self.fields["valid_from"].help_text = f"Empty: from now on. In your time zone, {zone}."
        self.fields["valid_until"].help_text = f"Empty: for good. In your time zone, {zone}."

    def what_changed(self, current: Any) -> tuple[str, str]:
        at = f" at {when(current.changed_at, timezone.now())}" if current.changed_at else ""
        said = f"{current.changed_by or 'Somebody else'} changed this rule{at}."
        return said, in_short(current)


def in_short(rule: Rule) -> str:
    """The whole rule in a line, as it is in the database; moments in the reader's zone."""
    said = replace(rule_from(document_of(rule)), valid_from=None, valid_until=None)
    words = rule_in_words(said, all_names(), catalogue())
    valid = span(rule.valid_from, rule.valid_until, timezone.now())
    more = [*(["Switched off."] if not rule.is_active else []), *([f"Valid {valid}."] if valid else [])]
    return " ".join([f"“{rule.name}”: {words}", *more])
