"""Quiet hours, as a person types them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from leadrouting.notifications.models import QuietHours
from leadrouting.teams.models import User

CLOCK = forms.TimeInput({"type": "time"}, format="%H:%M")
USUAL = {"begins": "19:00", "ends": "08:00", "weekends": True, "deadlines_pass": True}


class QuietForm(forms.Form):
    """Times of day are the person's own."""

    is_on = forms.BooleanField(required=False)
    begins = forms.TimeField(required=False, widget=CLOCK)
    ends = forms.TimeField(required=False, widget=CLOCK)
    weekends = forms.BooleanField(required=False)
    deadlines_pass = forms.BooleanField(required=False)

    @classmethod
    def of(cls, user: User) -> QuietForm:
        now = QuietHours.objects.filter(user=user).first()
        kept = {name: getattr(now, name) for name in USUAL} if now else USUAL
        return cls(initial={"is_on": now is not None, **kept})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("is_on"):
            self.errors.clear()
            return given
        for name in ("begins", "ends"):
            if given.get(name) is None and name not in self.errors:
                self.add_error(name, _("Write a time of day, e.g. 19:00."))
        if not self.errors and given["begins"] == given["ends"]:
            self.add_error(
                "ends", _("Quiet hours that end when they begin would never end. Choose another time.")
            )
        return given

    def keep(self, user: User) -> None:
        if self.cleaned_data["is_on"]:
            chosen = {name: self.cleaned_data[name] for name in USUAL}
            QuietHours.objects.update_or_create(user=user, defaults=chosen)
        else:
            QuietHours.objects.filter(user=user).delete()
