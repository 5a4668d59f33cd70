"""The tables on a policy's page: deadlines and the ladder, checked together, each complaint at its field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.forms import IntegerField, ModelForm
from unfold.widgets import UnfoldAdminTextInputWidget

from leadrouting.common.console import Inline, PositionedFormSet
from leadrouting.common.spans import SpanField
from leadrouting.sla.models import Rung, Target


class TargetForm(ModelForm):
    reminders = SimpleArrayField(
        IntegerField(),
        required=False,
        label="Reminders, %",
        widget=UnfoldAdminTextInputWidget,
        help_text="When so many percent of the time are over, e.g. 50, 80.",
        error_messages={
            "item_invalid": "Write percents separated by commas, e.g. 50, 80: number %(nth)s is none. "
        },
    )
    within = SpanField(widget=UnfoldAdminTextInputWidget, help_text="For example 15 min, 1 h 30 min or 2 d.")

    def clean_within(self) -> timedelta:
        within: timedelta = self.cleaned_data["within"]
        if within <= timedelta():
            raise ValidationError("A deadline needs some time: write for example 15 min.")
        return within

    def clean_reminders(self) -> list[int]:
        reminders: list[int] = self.cleaned_data["reminders"] or []
        if wrong := [one for one in reminders if not 1 <= one <= 99]:
            raise ValidationError(
                f"{wrong[0]} is no share of the time: write percents from 1 to 99, e.g. 50, 80."
            )
        return sorted(set(reminders))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("hours") == Target.Hours.OFFICE and not given.get("office_hours"):
            self.add_error("office_hours", "Choose whose office hours count.")
        return given


class RungForm(ModelForm):
    after = SpanField(
        required=False, widget=UnfoldAdminTextInputWidget, help_text="After the deadline; empty: at once."
    )

    def clean_after(self) -> timedelta:
        return self.cleaned_data["after"] or timedelta()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_queue = given.get("do") == Rung.Do.QUEUE
        if is_queue and not given.get("queue"):
            self.add_error("queue", "Choose the queue.")
        if not is_queue and given.get("queue"):
            self.add_error("queue", "Only the step that moves it to a queue has one. Empty this.")
        return given


class RungFormSet(PositionedFormSet):
    def clean(self) -> None:
        """A step without its deadline would never happen."""
        super().clean()
        promised = self.promised()
        for form in self.kept():
            kind = form.cleaned_data.get("kind") if hasattr(form, "cleaned_data") else None
            if kind and kind not in promised:
                label = Rung(kind=kind).get_kind_display().lower()
                form.add_error(
                    "kind", f"There is no deadline for “{label}” above, so this step would never come."
                )

    def promised(self) -> set[str]:
        """The kinds of deadlines that are posted with it."""
        total = self.data.get("targets-TOTAL_FORMS", "0")
        rows = range(int(total) if total.isdecimal() else 0)
        return {
            self.data.get(f"targets-{row}-kind", "")
            for row in rows
            if self.data.get(f"targets-{row}-within", "").strip()
            and not self.data.get(f"targets-{row}-DELETE")
        }


class TargetInline(Inline):
    model = Target
    form = TargetForm
    verbose_name = "deadline"
    verbose_name_plural = "Deadlines"
    fields = ["kind", "within", "hours", "office_hours", "reminders"]


class RungInline(Inline):
    model = Rung
    form = RungForm
    verbose_name = "step"
    formset = RungFormSet
    verbose_name_plural = "Ladder: what follows a missed deadline"
    ordering_field = "position"
    hide_ordering_field = True
    fields = ["kind", "after", "do", "queue", "position"]
