"""Leads as the API takes and gives them."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers

from leadrouting.api.fields import Attributes, Money, Text, Whole
from leadrouting.api.serializers.common import Described, Moment, Named
from leadrouting.api.strict import Strict
from leadrouting.leads.enums import EmailKind, Status, Urgency
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.revising import DESCRIPTIVE
from leadrouting.leads.services import FIELDS
from leadrouting.sla.models import Clock

ELSEWHERE = {
    "owner": "The owner is changed by POST to reassign/.",
    "queue": "A lead's queue follows from routing; reassign/ gives it to somebody.",
    "status": "The status follows from accept/, respond/ and outcome/.",
    "revenue": "Revenue is reported with outcome/.",
}
UNWANTED = "The prospect wants nothing more at one of the addresses. Nothing is sent there."


class LeadFields(Strict, Described):
    serializer_field_mapping = {
        **Described.serializer_field_mapping,
        models.CharField: Text,
        models.TextField: Text,
        models.PositiveIntegerField: Whole,
        models.SmallIntegerField: Whole,
        models.DecimalField: Money,
    }
    attributes = Attributes(help_text="Custom attributes by key: GET attributes/ says which there are.")
    country = Text(max_length=60, allow_blank=True, help_text="Two letters of ISO 3166, e.g. DE, or a name.")
    language = Text(max_length=60, allow_blank=True, help_text="Code of ISO 639, e.g. es, or a name.")
    region = Text(max_length=60, allow_blank=True, help_text="Code of ISO 3166-2, e.g. US-CA, or a name.")

    class Meta:
        model = Lead
        extra_kwargs = {
            "external_id": {"validators": [], "help_text": "Your own id: the same one joins the same lead."},
            "tags": {"max_length": 50},
            "behaviour_events": {"max_length": 50},
        }

    def get_fields(self) -> dict[str, Any]:
        """Every field may be left out, or null, which is the same."""
        fields = super().get_fields()
        for field in fields.values():
            field.required, field.allow_null = False, True
        return fields


class LeadInput(LeadFields):
    """A new lead. At least one of name, email, phone, company and external_id; all else may be left out."""

    campaign = Text(max_length=60, help_text="The campaign's key.")
    elsewhere = ELSEWHERE

    class Meta(LeadFields.Meta):
        fields = sorted(FIELDS)


class LeadRevision(LeadFields):
    """What may be corrected. `tags` and `behaviour_events` are replaced as a whole; of `attributes` those that are
    named change, and null takes one away."""

    elsewhere = ELSEWHERE | dict.fromkeys(
        FIELDS - DESCRIPTIVE, "This stays as it was received: it says where the lead came from."
    )

    class Meta(LeadFields.Meta):
        fields = sorted(DESCRIPTIVE)


class LeadSummary(Described):
    """A lead in a list."""

    owner = Named(allow_null=True)
    queue = Named(allow_null=True)
    campaign: serializers.SlugRelatedField[Campaign] = serializers.SlugRelatedField(
        slug_field="key", read_only=True, allow_null=True
    )
    rule = serializers.CharField(allow_null=True, help_text="The rule that placed it; blank: none matched.")
    respond_by = Moment(allow_null=True, help_text="The owner's deadline for the first response.")
    accepted_at = Moment(allow_null=True)
    responded_at = Moment(allow_null=True)
    breached = serializers.BooleanField(help_text="A deadline of this lead was missed.")
    do_not_contact = serializers.BooleanField(help_text=UNWANTED)
    next_meeting_at = Moment(allow_null=True, help_text="When the meeting begins that is on, or comes next.")

    class Meta:
        model = Lead
        fields = [
            "id",
            "name",
            "email",
            "phone",
            "company",
            "status",
            "owner",
            "queue",
            "rule",
            "respond_by",
            "accepted_at",
            "responded_at",
            "breached",
            "do_not_contact",
            "next_meeting_at",
            "channel",
            "source",
            "campaign",
            "country",
            "language",
            "product",
            "priority",
            "created_at",
            "updated_at",
            "closed_at",
            "revenue",
        ]
        read_only_fields = fields


class OpenClock(serializers.ModelSerializer[Clock]):
    """A deadline that is still to be kept."""

    policy = serializers.CharField(source="policy.name")
    due_at = Moment(
        help_text="While the lead is paused this is as of before; the pause is added when it ends."
    )

    class Meta:
        model = Clock
        fields = ["kind", "due_at", "policy"]
        read_only_fields = fields


class Paused(serializers.Serializer[Any]):
    """Since when the clocks stand still, and what the owner waits for."""

    since = Moment(source="begins_at")
    reason = serializers.CharField()
    by = Named(allow_null=True)


class LeadDetail(LeadSummary):
    """Everything about one lead. `decision` is the latest one, `reason` its sentence."""

    clocks = OpenClock(
        many=True, source="open_clocks", help_text="Deadlines that are still to be kept, the next first."
    )
    paused = Paused(allow_null=True)

    urgency = serializers.ChoiceField(choices=Urgency.choices, allow_blank=True)
    email_kind = serializers.ChoiceField(choices=EmailKind.choices, allow_blank=True)
    decision = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()

    class Meta(LeadSummary.Meta):
        fields = [
            *LeadSummary.Meta.fields,
            *sorted(FIELDS - set(LeadSummary.Meta.fields)),
            "email_domain",
            "email_kind",
            "is_repeat",
            "merged_into",
            "lost_reason",
            "clocks",
            "paused",
            "decision",
            "reason",
        ]
        read_only_fields = fields


class Standing(serializers.Serializer[Any]):
    """Where a lead stands: who has it, why, and until when they must respond."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status.choices)
    owner = Named(allow_null=True)
    queue = Named(allow_null=True)
    rule = serializers.CharField(allow_null=True)
    decision = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    respond_by = Moment(allow_null=True)
    clocks = OpenClock(many=True, source="open_clocks")
    paused = Paused(allow_null=True)
    do_not_contact = serializers.BooleanField(help_text=UNWANTED)
    next_meeting_at = Moment(allow_null=True, help_text="When the meeting begins that is on, or comes next.")


class Receipt(Standing):
    joined = serializers.BooleanField(help_text="True: it joined a lead of the same person.")
    reopened = serializers.BooleanField(help_text="True: that lead was lost, and goes on.")
