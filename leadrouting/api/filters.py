"""What a list of leads can be narrowed by. A value that cannot be read is refused, not ignored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from leadrouting.leads.enums import Channel, Status
from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.notifications.models import Event, Hook, Task
from leadrouting.sla.models import Clock
from leadrouting.sla.models.policy import Kind

HIGHEST_KEY = 2**63 - 1


def by_key(field: str, help_text: str) -> django_filters.NumberFilter:
    return django_filters.NumberFilter(
        field, min_value=1, max_value=HIGHEST_KEY, decimal_places=0, help_text=help_text
    )


class MomentField(forms.DateTimeField):
    def to_python(self, value: Any) -> datetime | None:
        if not (given := str(value or "").strip()):
            return None
        try:
            at = parse_datetime(given)
            if at is not None:
                return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError("Write a moment such as 2026-03-04T12:00:00Z; without a zone it is UTC.")


class YesNoField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[("true", "true"), ("false", "false")], **options)

    def to_python(self, value: Any) -> str:
        return str(value or "").lower()


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentFilter(django_filters.Filter):
    field_class = MomentField


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(django_filters.Filter):
    """`condition` on the lead holds for true, and does not for false."""

    field_class = YesNoField

    def __init__(self, condition: Any, **options: Any) -> None:
        super().__init__(**options)
        self.condition = condition

    def filter(self, leads: LeadQuerySet, value: str) -> LeadQuerySet:
        if not value:
            return leads
        return leads.filter(self.condition) if value == "true" else leads.exclude(self.condition)


def several(choices: Any, **options: Any) -> Any:
    """A filter by any of several values."""
    filter_class = type("SeveralFilter", (django_filters.MultipleChoiceFilter,), {})
    described = extend_schema_field({"type": "array", "items": {"type": "string", "enum": choices.values}})
    return described(filter_class)(
        choices=choices.choices, help_text="May be given several times.", **options
    )


@extend_schema_field({"anyOf": [{"type": "string", "enum": ["me"]}, {"type": "integer", "minimum": 0}]})
class OwnerFilter(django_filters.CharFilter):
    def filter(self, leads: LeadQuerySet, value: str) -> LeadQuerySet:
        if not value:
            return leads
        return leads.filter(owner=self.parent.request.user.pk if value == "me" else int(value))


def validate_owner(value: str) -> None:
    if value != "me" and not (value.isascii() and value.isdigit() and len(value) < 19):
        raise ValidationError("Give “me” or a rep's id.")


MISSED = Exists(Clock.objects.filter(lead=OuterRef("pk"), outcome=Clock.Outcome.MISSED, kind=Kind.RESPOND))


class LeadFilter(django_filters.FilterSet):
    owner = OwnerFilter(validators=[validate_owner], help_text="`me` or a rep's id.")
    status = several(Status)
    source = django_filters.CharFilter(lookup_expr="iexact")
    channel = several(Channel)
    campaign = django_filters.CharFilter("campaign__key", help_text="The campaign's key.")
    queue = by_key("queue", "The queue's id.")
    created_from = MomentFilter(
        field_name="created_at", lookup_expr="gte", help_text="At this moment or later."
    )
    created_to = MomentFilter(field_name="created_at", lookup_expr="lt", help_text="Before this moment.")
    unrouted = YesNoFilter(Q(owner=None, closed_at=None), help_text="Nobody owns it and it is not closed.")
    breached = YesNoFilter(MISSED, help_text="A first-response deadline of this lead was missed.")

    class Meta:
        model = Lead
        fields: list[str] = []


class DeliveryFilter(django_filters.FilterSet):
    state = several(Hook.State)
    event = several(Event.Kind, field_name="kind")
    lead = by_key("lead", "The lead's id.")

    class Meta:
        model = Hook
        fields: list[str] = []


class TaskFilter(django_filters.FilterSet):
    lead = by_key("lead", "The lead's id.")
    owner = by_key("lead__owner", "A rep's id.")
    open = YesNoFilter(Q(done_at=None, dropped_at=None), help_text="Still to be done.")

    class Meta:
        model = Task
        fields: list[str] = []
