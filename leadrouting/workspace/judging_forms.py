"""What owners say of a lead, and what managers answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadrouting.assignments.judging import why_not_rated
from leadrouting.workspace.forms import ReasonForm

FITS = [
    (1, _("Not at all")),
    (2, _("Hardly")),
    (3, _("Somewhat")),
    (4, _("Well")),
    (5, _("Exactly right")),
]
REASONS = [
    _("Wrong territory"),
    _("Wrong language"),
    _("A colleague knows them"),
    _("Not my product"),
    _("Too small or too large for me"),
]


class RateForm(forms.Form):
    fit = forms.TypedChoiceField(
        choices=FITS,
        coerce=int,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"],
            _("Say how well it fits: from 1, not at all, to 5, exactly right."),
        ),
    )
    reason = forms.CharField(required=False, max_length=300, strip=True)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "fit" in values and (why := why_not_rated(values["fit"], values.get("reason", ""))):
            self.add_error("reason", why)
        return values


class DisagreeForm(ReasonForm):
    """The reasons are the usual ones."""

    missing = _("Say in your own words why it should not be yours.")

    reason = forms.CharField(
        max_length=200, error_messages={"required": _("Say why it should not be yours.")}
    )
    rather = forms.CharField(required=False, max_length=100, strip=True)


class SettleForm(forms.Form):
    right = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")],
        coerce=lambda said: said == "yes",
        error_messages={"required": _("Say whether the rule was right.")},
    )
    answer = forms.CharField(required=False, max_length=300, strip=True)
