"""Webhooks: who hears of what, and what was sent and answered."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leadrouting.api.fields import Text
from leadrouting.api.serializers.common import Described, Moment, Named
from leadrouting.api.strict import Strict
from leadrouting.leads.models import Campaign
from leadrouting.notifications.models import Event, Hook, Subscription

HEALTH = [(one, one) for one in ("new", "works", "failing", "off")]


class SubscriptionDocument(Described):
    campaign = serializers.CharField(
        source="campaign.key",
        default=None,
        allow_null=True,
        help_text="Its key. Null: leads of all campaigns.",
    )
    events = serializers.ListField(child=serializers.ChoiceField(choices=Event.Kind.choices))
    active = serializers.BooleanField(source="is_active")
    state = serializers.ChoiceField(source="health", choices=HEALTH)
    secrets = serializers.SerializerMethodField()
    waiting = serializers.IntegerField(source="due", help_text="Deliveries that are still to be made.")
    created_by = Named(allow_null=True)

    class Meta:
        model = Subscription
        fields = [
            "id",
            "name",
            "address",
            "events",
            "campaign",
            "active",
            "state",
            "stopped",
            "waiting",
            "delivered_at",
            "failing_since",
            "failures",
            "secrets",
            "rotated_at",
            "created_at",
            "created_by",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "integer", "minimum": 1, "maximum": 2})
    def get_secrets(self, one: Subscription) -> int:
        """2 while a new and an old one are both good."""
        return len(one.secrets)


class WithSecret(SubscriptionDocument):
    secret = serializers.CharField(help_text="Shown this once: keep it where the other side can read it.")

    class Meta(SubscriptionDocument.Meta):
        fields = [*SubscriptionDocument.Meta.fields, "secret"]
        read_only_fields = fields


class SubscriptionInput(Strict, serializers.Serializer[Any]):
    name = Text(max_length=80, help_text="Yours, and unlike any other's.")
    address = Text(max_length=500, help_text="Where to, for example https://example.com/leads.")
    events = serializers.ListField(
        child=serializers.ChoiceField(
            choices=Event.Kind.choices,
            error_messages={"invalid_choice": f"“{{input}}” is not one of: {', '.join(Event.Kind.values)}."},
        ),
        min_length=1,
        max_length=len(Event.Kind),
        help_text="What it hears of.",
    )
    campaign = serializers.SlugRelatedField(
        slug_field="key",
        queryset=Campaign.objects.all(),
        allow_null=True,
        default=None,
        help_text="Only leads of the campaign with this key. Null: all leads.",
    )
    active = serializers.BooleanField(source="is_active", default=True)

    def validate_events(self, events: list[str]) -> list[str]:
        return list(dict.fromkeys(events))


class SubscriptionChange(SubscriptionInput):
    """Only what is named changes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "partial": True})


class Nothing(Strict, serializers.Serializer[Any]):
    """Nothing needs to be said."""


class SinceInput(Strict, serializers.Serializer[Any]):
    since = Moment(help_text="Events of this moment or later; they are kept for 30 days.")
    until = Moment(default=None, allow_null=True, help_text="Events before this moment. Null: until now.")
    delivered = serializers.BooleanField(default=False, help_text="Also what was delivered.")
    dry_run = serializers.BooleanField(default=False, help_text="Only say how many.")


class SinceDocument(serializers.Serializer[Any]):
    events = serializers.IntegerField(help_text="How many are sent, or with `dry_run` would be.")
    dry_run = serializers.BooleanField()


class TestDocument(serializers.Serializer[Any]):
    """What came back."""

    delivery = serializers.IntegerField(source="pk", help_text="Its id among the deliveries.")
    delivered = serializers.SerializerMethodField()
    status = serializers.IntegerField(allow_null=True, help_text="Null when nothing answered.")
    milliseconds = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField(help_text="Its beginning.")
    error = serializers.CharField(help_text="What was wrong, for people; blank when it was delivered.")

    def get_delivered(self, hook: Hook) -> bool:
        return hook.state == Hook.State.DELIVERED


class DeliveryDocument(Described):
    event = serializers.CharField(source="kind", help_text="An event, or `test`.")
    webhook_id = serializers.CharField(source="key", help_text="The same however often it is sent.")
    lead = serializers.IntegerField(source="lead_id", allow_null=True)
    state = serializers.ChoiceField(
        choices=Hook.State.choices,
        help_text="failed: given up; skipped: the subscription was switched off before it was sent.",
    )
    next_attempt_at = Moment(
        source="send_at", allow_null=True, help_text="Null while an earlier one of the lead is on its way."
    )

    class Meta:
        model = Hook
        fields = [
            "id",
            "event",
            "webhook_id",
            "lead",
            "state",
            "attempts",
            "status",
            "error",
            "milliseconds",
            "created_at",
            "tried_at",
            "delivered_at",
            "next_attempt_at",
        ]
        read_only_fields = fields


class RequestDocument(serializers.Serializer[Any]):
    headers = serializers.DictField(source="sent_headers", child=serializers.CharField())
    body = serializers.CharField()


class DeliveryInFull(DeliveryDocument):
    request = RequestDocument(source="*", help_text="As it was sent the last time.")
    answer = serializers.CharField(help_text="The beginning of the last answer.")

    class Meta(DeliveryDocument.Meta):
        fields = [*DeliveryDocument.Meta.fields, "request", "answer"]
        read_only_fields = fields
