"""What another system says that a rep did."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leadrouting.api.fields import Text, Whole
from leadrouting.api.serializers.acts import REPLIES
from leadrouting.api.serializers.common import Moment, Named
from leadrouting.api.strict import Strict
from leadrouting.leads.models import Activity


class Report(Strict, serializers.Serializer[Any]):
    """Which lead is said by `lead` or by `lead_external_id`."""

    lead = Whole(min_value=1, default=None, allow_null=True, help_text="The lead's id.")
    lead_external_id = Text(
        max_length=120, default="", allow_blank=True, help_text="Or your own id of the lead."
    )
    by = Text(max_length=254, help_text="Who did it: the rep's user name, e-mail or id.")
    kind = serializers.ChoiceField(choices=REPLIES, default=Activity.Kind.CALL)
    at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="When it happened, with its offset from UTC; left out: now."
    )
    text = Text(max_length=5000, default="", allow_blank=True)
    external_id = Text(
        max_length=200,
        default="",
        allow_blank=True,
        help_text="Your own id of the call or mail: sent twice, it is kept once.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs["lead"] is None) == (not attrs["lead_external_id"]):
            raise serializers.ValidationError({"lead": ["Say which lead it is, by its id or by your own."]})
        return attrs


class Reported(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="activity.pk")
    lead = serializers.IntegerField(source="activity.lead_id")
    kind = serializers.CharField(source="activity.kind")
    by = Named(source="activity.actor", allow_null=True)
    at = Moment(source="activity.at")
    counts = serializers.BooleanField(help_text="As an answer of who owned the lead at that time.")
    note = serializers.CharField(help_text="Why it does not, or what followed.")
