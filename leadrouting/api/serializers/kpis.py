"""Figures, with what was divided by what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from leadrouting.analytics.figures import Unit
from leadrouting.analytics.grouping import GroupBy
from leadrouting.api.serializers.common import Moment
from leadrouting.api.strict import Strict

USUAL = timedelta(days=30)


class Period(Strict, serializers.Serializer[Any]):
    """`from` (included) to `to` (excluded); the last 30 days when left out."""

    to = Moment(required=False, help_text="Before this moment. Left out: now.")
    group_by = serializers.ChoiceField(choices=[by.value for by in GroupBy], required=False)

    def get_fields(self) -> dict[str, Any]:
        start = Moment(required=False, help_text="From this moment on. Left out: 30 days before `to`.")
        return {"from": start, **super().get_fields()}

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        end: datetime = given.get("to") or timezone.now()
        start: datetime = given.get("from") or earlier(end)
        if start >= end:
            raise serializers.ValidationError({"from": ["The period must start before it ends."]})
        return {"start": start, "end": end, "group_by": given.get("group_by")}


def earlier(end: datetime) -> datetime:
    try:
        return end - USUAL
    except OverflowError:
        raise serializers.ValidationError({"to": ["That is too long ago."]}) from None


class FigureDocument(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a declared field is no attribute
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    value = serializers.FloatField(allow_null=True, help_text="Null where there is nothing to divide by.")
    numerator = serializers.FloatField()
    denominator = serializers.FloatField()
    formula = serializers.CharField()


class Group(serializers.Serializer[Any]):
    group = serializers.CharField(allow_null=True, help_text="Null without group_by.")
    figures = FigureDocument(many=True)


class Kpis(serializers.Serializer[Any]):
    to = Moment(source="end")
    group_by = serializers.CharField(allow_null=True)
    groups = Group(many=True)

    def get_fields(self) -> dict[str, Any]:
        return {"from": Moment(source="start"), **super().get_fields()}
