"""Reps: there or not, how much they can carry, how much they do."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from rest_framework import serializers

from leadrouting.api.serializers.common import Described, Named
from leadrouting.api.strict import Strict
from leadrouting.engine.roster import share_of
from leadrouting.teams.models import Rep
from leadrouting.teams.portioning import quota_reached
from leadrouting.teams.snapshot import People, people_now


class RepDocument(Described):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")
    team = Named()
    open = serializers.IntegerField(source="load.open", help_text="Leads owned and not closed.")
    today = serializers.SerializerMethodField()
    utilisation = serializers.SerializerMethodField()
    is_absent = serializers.SerializerMethodField()
    absent_until = serializers.SerializerMethodField()
    share = serializers.SerializerMethodField()
    quota_reached = serializers.SerializerMethodField()

    class Meta:
        model = Rep
        fields = [
            "id",
            "name",
            "team",
            "is_active",
            "presence",
            "is_absent",
            "absent_until",
            "time_zone",
            "max_open",
            "max_day",
            "max_hour",
            "max_week",
            "utilisation",
            "share",
            "quota_reached",
            "open",
            "today",
        ]
        read_only_fields = fields

    def get_today(self, rep: Rep) -> int:
        """Leads taken since midnight in the rep's time zone."""
        here = timezone.now().astimezone(ZoneInfo(rep.time_zone)).date()
        return rep.load.day if rep.load.day_on == here else 0

    def get_utilisation(self, rep: Rep) -> float | None:
        """Open leads as a share of `max_open`; empty where there is no limit."""
        return round(rep.load.open / rep.max_open, 3) if rep.max_open else None

    def get_is_absent(self, rep: Rep) -> bool:
        """Whether the rep is out of office now, whatever the presence says: new leads go to others."""
        return self.people.reps[rep.pk].is_absent(timezone.now())

    def get_absent_until(self, rep: Rep) -> datetime | None:
        """When that ends (UTC); absences without a gap are one. Empty when not absent, or for good."""
        return self.people.reps[rep.pk].back_at(timezone.now())

    def get_share(self, rep: Rep) -> int:
        """Of the turns that the rep's weight gives, in percent: less while ramping up or with the quota reached."""
        return share_of(self.people.reps[rep.pk].parts(timezone.now()))

    def get_quota_reached(self, rep: Rep) -> int | None:
        """Of this month's or quarter's quota, in percent, counted each minute; empty without a quota."""
        return quota_reached(self.people.reps[rep.pk], timezone.now())

    @cached_property
    def people(self) -> People:
        """For all reps of one answer."""
        return people_now()


class OutOfOffice(Strict, serializers.Serializer[Any]):
    """Days in the rep's own time zone, both included; half days turn at 12:00 there."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()
    from_noon = serializers.BooleanField(default=False, help_text="Away from noon on the first day.")
    until_noon = serializers.BooleanField(default=False, help_text="Away until noon on the last day.")
    backup = serializers.PrimaryKeyRelatedField(
        queryset=Rep.objects.select_related("user"),
        required=False,
        allow_null=True,
        default=None,
        help_text="A rep's id. Empty: the usual backup.",
    )
    reason = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class RepRevision(Strict, serializers.Serializer[Any]):
    presence = serializers.ChoiceField(choices=Rep.Presence.choices, required=False)
    out_of_office = OutOfOffice(
        required=False, allow_null=True, help_text="An absence to add; null ends the one of this moment."
    )
    elsewhere = dict.fromkeys(
        ["max_open", "max_day", "max_hour", "max_week", "is_active", "team", "time_zone"],
        "Sales ops set this in the admin. Yours to change are presence and out_of_office.",
    )
