"""What people type on a lead's page."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leadrouting.leads.cleaning import cleaned
from leadrouting.leads.models import Activity, Campaign, DeclineReason, Lead
from leadrouting.notifications.prospects.writing import LONGEST
from leadrouting.teams.models import Rep, User
from leadrouting.teams.snapshot import People, people_now
from leadrouting.workspace.carrying import room
from leadrouting.workspace.dossier import candidates

Kind = Activity.Kind
KINDS = [
    (Kind.CALL, pgettext_lazy("activity", "Call")),
    (Kind.ATTEMPT, _("Call, no answer")),
    (Kind.EMAIL, _("E-mail")),
    (Kind.MESSAGE, _("Message")),
    (Kind.MEETING, _("Meeting")),
    (Kind.NOTE, _("Note")),
]
OTHER = "other"
"""Stands for a reason in own words."""
LOST_REASONS = [_("No budget"), _("Chose a competitor"), _("No reply"), _("Bad timing"), _("Not a fit")]
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")


class LogForm(forms.Form):
    """A response, a meeting or a note. Only a note needs words: a call is a call."""

    kind = forms.ChoiceField(
        choices=KINDS,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"],
            _("Say what it was: a call, an e-mail, a message, a meeting or a note."),
        ),
    )
    text = forms.CharField(required=False, max_length=10_000, strip=True)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Kind.NOTE and not values.get("text"):
            self.add_error("text", _("Write the note first."))
        return values


class WriteForm(forms.Form):
    """A message to the prospect, from the company's number."""

    text = forms.CharField(
        max_length=LONGEST, strip=True, error_messages={"required": _("Write the message first.")}
    )


def note_to_next_owner() -> forms.CharField:
    return forms.CharField(required=False, max_length=2000, strip=True)


class ReasonForm(forms.Form):
    """One of the reasons that are offered, or own words. Ends with the words as `reason`."""

    missing: ClassVar[Any]
    """What to do when it should be own words, and there are none."""

    reason = forms.CharField(max_length=200)
    other = forms.CharField(required=False, max_length=200, strip=True)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        words = values.pop("other", "")
        if values.get("reason") == OTHER:
            values["reason"] = words
            if not words:
                self.add_error("reason", self.missing)
        return values


class DeclineForm(ReasonForm):
    """The reasons are those that sales ops offer."""

    missing = _("Say why you decline in your own words: the reason goes with the lead.")

    reason = forms.CharField(
        max_length=200,
        error_messages={"required": _("Say why you decline: the reason goes with the lead.")},
    )
    handover = note_to_next_owner()


def decline_reasons() -> list[str]:
    return list(DeclineReason.objects.filter(is_active=True).values_list("label", flat=True))


PAUSE_REASONS = [
    _("Waits for their answer"),
    _("Asked to call later"),
    _("Waits for documents"),
    _("On holiday until later"),
]


class PauseForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        error_messages={"required": _("Say what you wait for: the reason is kept with the lead.")},
    )


class TaskForm(forms.Form):
    task = forms.IntegerField(min_value=1, max_value=2**62)


def due_field() -> forms.DateTimeField:
    """By the clock on the wall of who types it."""
    return forms.DateTimeField(
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Say by when: a day and a time, e.g. 2027-03-01 09:00.")
        )
    )


class MoveTaskForm(TaskForm):
    due = due_field()


class AddTaskForm(forms.Form):
    title = forms.CharField(
        max_length=150, strip=True, error_messages={"required": _("Say what is to be done.")}
    )
    due = due_field()
    note = forms.CharField(required=False, max_length=2000, strip=True)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[("won", _("Won")), ("lost", _("Lost")), ("junk", _("Junk"))],
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("The outcome is won, lost or junk.")),
    )
    revenue = forms.CharField(required=False, max_length=30)
    reason = forms.CharField(required=False, max_length=200)

    def clean_revenue(self) -> Decimal | None:
        """12500.50, 12 500.50 and 12,500.50 alike. A comma that is no thousands separator is asked about."""
        typed = self.cleaned_data["revenue"]
        if not typed:
            return None
        plain = "".join(typed.split())
        plain = plain.replace(",", "") if THOUSANDS.fullmatch(plain) else plain
        field = forms.DecimalField(max_digits=14, decimal_places=2, min_value=0)
        try:
            return field.clean(plain)
        except forms.ValidationError:
            raise forms.ValidationError(
                _("“{typed}” is not an amount. Write it like 12500 or 12,500.50.").format(typed=typed)
            ) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("outcome") == "won" and values.get("revenue") is None and "revenue" not in self.errors:
            self.add_error("revenue", _("A won lead needs its revenue, zero or more."))
        return values


class ReassignForm(forms.Form):
    to = forms.TypedChoiceField(
        coerce=int,
        error_messages={
            "required": _("Choose who gets the lead."),
            "invalid_choice": _("Choose one of the reps in the list."),
        },
    )
    reason = forms.CharField(
        max_length=200, error_messages={"required": _("Say why the lead moves: the reason is kept with it.")}
    )
    handover = note_to_next_owner()
    seen = forms.CharField(required=False, max_length=60)

    def __init__(self, *args: Any, user: User, lead: Lead, **options: Any) -> None:
        super().__init__(*args, **options)
        here = people_now()
        cast(forms.ChoiceField, self.fields["to"]).choices = [
            ("", _("Choose a rep")),
            *((rep.pk, told(rep, here)) for rep in candidates(user, lead)),
        ]


class TakeBackForm(forms.Form):
    decision = forms.IntegerField(min_value=1, max_value=2**62)


def told(rep: Rep, people: People) -> str:
    """A rep with what speaks for and against them: "Ana Silva · 4 of 20 open · busy"."""
    return in_brief(rep, rep.pk in people.reps and people.reps[rep.pk].is_absent(timezone.now()))


def in_brief(rep: Rep, is_absent: bool) -> str:
    there = _("out of office") if is_absent else rep.get_presence_display().lower()
    return f"{rep.user} · {room(rep)} · {there}"


class EntryForm(forms.Form):
    """A lead that somebody enters. The service's complaints stand at their fields."""

    name = forms.CharField(max_length=120, required=False, strip=True)
    company = forms.CharField(max_length=160, required=False, strip=True)
    email = forms.CharField(max_length=254, required=False, strip=True)
    phone = forms.CharField(max_length=40, required=False, strip=True)
    country = forms.CharField(max_length=60, required=False, strip=True)
    product = forms.CharField(max_length=60, required=False, strip=True)
    campaign = forms.ModelChoiceField(
        Campaign.objects.filter(is_active=True).order_by("name"),
        required=False,
        empty_label=pgettext_lazy("campaign", "None"),
    )
    message = forms.CharField(max_length=10_000, required=False, strip=True)

    def values(self) -> dict[str, Any]:
        """As `receive_lead` takes them."""
        given = {name: value for name, value in self.cleaned_data.items() if value and name != "campaign"}
        campaign = self.cleaned_data.get("campaign")
        return {**given, **({"campaign": campaign.key} if campaign else {})}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned(self.values())
            except ValidationError as error:
                for name, said in error.message_dict.items():
                    self.add_error(name if name in self.fields else None, said)
        return values
