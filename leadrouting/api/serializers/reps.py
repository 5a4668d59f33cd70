"""Reps: there or not, how much they can carry, how much they do."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from rest_framework import serializers

from leadrouting.api.serializers.common import Described, Named
from leadrouting.api.strict import Strict
from leadrouting.teams.models import Rep


class RepDocument(Described):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")
    team = Named()
    open = serializers.IntegerField(source="load.open", help_text="Leads owned and not closed.")
    today = serializers.SerializerMethodField()
    utilisation = serializers.SerializerMethodField()

    class Meta:
        model = Rep
        fields = [
            "id",
            "name",
            "team",
            "is_active",
            "presence",
            "time_zone",
            "max_open",
            "max_day",
            "max_hour",
            "max_week",
            "utilisation",
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


class RepRevision(Strict, serializers.Serializer[Any]):
    presence = serializers.ChoiceField(choices=Rep.Presence.choices, required=False)
    elsewhere = dict.fromkeys(
        ["max_open", "max_day", "max_hour", "max_week", "is_active", "team", "time_zone"],
        "Sales ops set this in the admin. Yours to change is presence.",
    )
