"""Custom attributes as ops define them."""

from __future__ import annotations

from rest_framework import serializers

from leadrouting.api.serializers.common import Described
from leadrouting.leads.models import Attribute


class AttributeDocument(Described):
    """`key` is its name in a lead's `attributes`, and `attributes.<key>` the fact that rules ask about."""

    type = serializers.ChoiceField(
        choices=Attribute.Type.choices,
        help_text="How a value is written: choice and text as text, number as a number or its text, yes_no as "
        "true or false, set as a list of texts, moment as text with its zone, e.g. 2026-03-04T12:00:00Z.",
    )
    choices = serializers.ListField(
        child=serializers.CharField(),
        help_text="What a choice or the members of a set may be; empty: anything.",
    )

    class Meta:
        model = Attribute
        fields = ["key", "label", "type", "choices", "unit", "help"]
        read_only_fields = fields
