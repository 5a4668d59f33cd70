"""A rep and its log-in in one form."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import CharField, EmailField, ModelChoiceField, ModelForm, URLField
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from leadrouting.common.console.inlines import KeptFormSet
from leadrouting.teams.admin.fields import ZoneField
from leadrouting.teams.models import Rep, User
from leadrouting.teams.models.absences import span


class ChangeRep(ModelForm):
    name = CharField(max_length=120, widget=UnfoldAdminTextInputWidget)
    email = EmailField(widget=UnfoldAdminEmailInputWidget, help_text="New leads and reminders are sent here.")
    time_zone = ZoneField(help_text="The rep's own day starts at midnight here, and times are shown in it.")
    booking_url = URLField(
        required=False,
        label="Booking page",
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text=Rep._meta.get_field("booking_url").help_text,
    )

    class Meta:
        model = Rep
        fields = [
            "team",
            "is_active",
            "presence",
            "time_zone",
            "office_hours",
            "max_open",
            "max_day",
            "max_hour",
            "max_week",
            "started_on",
            "backup",
            "booking_url",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial.update(name=self.instance.user.name, email=self.instance.user.email)
        others = Rep.objects.select_related("user").filter(Q(is_active=True) | Q(pk=self.instance.backup_id))
        backup = cast(ModelChoiceField, self.fields["backup"])
        backup.queryset = others.exclude(pk=self.instance.pk).order_by("user__name", "pk")

    def saved_user(self) -> User:
        return self.written(self.instance.user)

    def written(self, user: User) -> User:
        user.name, user.email = self.cleaned_data["name"], self.cleaned_data["email"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save()
        return user


class AddRep(ChangeRep):
    existing = ModelChoiceField(
        User.objects.filter(is_active=True, role__in=[User.Role.REP, User.Role.MANAGER], rep=None),
        required=False,
        label="Has a log-in already",
        empty_label="No, make a new one",
        widget=UnfoldAdminSelect2Widget,
        help_text="Choose the person, or leave this and fill in the fields below.",
    )
    name = CharField(max_length=120, required=False, widget=UnfoldAdminTextInputWidget)
    email = EmailField(required=False, widget=UnfoldAdminEmailInputWidget)
    username = CharField(
        max_length=150,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="What the rep types to log in. Empty: the e-mail address.",
    )

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if clean.get("existing"):
            return clean
        for field in ("name", "email"):
            if not clean.get(field) and field not in self.errors:
                self.add_error(field, "A new log-in needs this. Or choose a person who has one.")
        clean["username"] = clean.get("username") or clean.get("email", "")
        if User.objects.filter(username=clean["username"]).exists():
            self.add_error("username", f"The log-in “{clean['username']}” is taken. Choose another one.")
        return clean

    def saved_user(self) -> User:
        found = self.cleaned_data["existing"]
        if found is not None:
            found.name = self.cleaned_data["name"] or found.name
            found.email = self.cleaned_data["email"] or found.email
            found.time_zone = self.cleaned_data["time_zone"]
            found.save()
            return found
        user = User(username=self.cleaned_data["username"], role=User.Role.REP)
        user.set_unusable_password()
        return self.written(user)


class AbsenceFormSet(KeptFormSet):
    def clean(self) -> None:
        """Two new rows are not in the database yet, so it cannot tell that they overlap."""
        super().clean()
        rows = [form.cleaned_data for form in self.kept() if form.is_valid()]
        for backup in [row["backup"] for row in rows if row["backup"]]:
            if not backup.is_active:
                raise ValidationError(f"{backup} is not active and cannot stand in. Choose somebody else.")
        spans = sorted(
            span(row["first_day"], row["from_noon"], row["last_day"], row["until_noon"]) for row in rows
        )
        for (_, ended), (begins, _) in pairwise(spans):
            if begins < ended:
                raise ValidationError(f"Two absences overlap on {begins:%d %b %Y}. Make one of them shorter.")
