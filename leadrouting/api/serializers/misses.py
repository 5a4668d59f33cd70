"""The nearest miss: what would have had to be different."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.ANY)
class Value(serializers.ReadOnlyField):
    """A fact as rules see it; null for blank."""


class Change(serializers.Serializer[Any]):
    """`to` is a value that would do; “anything else” stands for any that no rule names."""

    fact = serializers.CharField()
    before = Value(help_text="Null: blank.")
    to = Value(source="after", help_text="Null: blank.")
    says = serializers.CharField(source="said")


class Miss(serializers.Serializer[Any]):
    changes = Change(many=True)
    rule = serializers.SerializerMethodField()
    sentence = serializers.CharField()

    def get_rule(self, miss: Any) -> str:
        """The rule that would have matched; blank: none."""
        return miss.rule.name if miss.rule else ""
