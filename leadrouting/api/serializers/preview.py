"""A dry run: what goes in and what would come out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leadrouting.api.fields import AN_OBJECT, Whole
from leadrouting.api.serializers.common import Named
from leadrouting.api.serializers.misses import Miss
from leadrouting.api.strict import Strict


class PreviewInput(Strict, serializers.Serializer[Any]):
    """Either a lead's id, or facts: fields of a lead as POST leads/ takes them, and facts by their key."""

    lead = Whole(min_value=1, required=False)
    facts = serializers.DictField(
        required=False,
        help_text="For example country, product, deal_size, territory; account_owner and previous_owner are ids of reps.",
        error_messages={"not_a_dict": AN_OBJECT},
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) != 1:
            raise serializers.ValidationError("Give either lead or facts.")
        return given


class Preview(serializers.Serializer[Any]):
    owner = Named(allow_null=True)
    queue = Named(allow_null=True)
    rule = serializers.CharField(help_text="Blank: none matched.")
    reason = serializers.CharField()
    explanation = serializers.ListField(child=serializers.CharField())
    trace = serializers.ListField(
        child=serializers.CharField(), help_text="Why the rules before did not match."
    )
    nearest_miss = Miss(
        allow_null=True, help_text="The smallest change of facts that would send it elsewhere."
    )
    facts = serializers.DictField(help_text="What the rules saw.")
