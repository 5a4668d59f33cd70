"""Input fields that take JSON at its word: a text is a text, a whole number a whole number."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LARGEST = 10**15  # beyond this not every whole number survives JSON


class Text(serializers.CharField):
    """Refuses numbers: 0301234 as a number has lost its zero before it gets here."""

    default_error_messages = {"invalid": "Write this as text, in quotes."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    default_error_messages = {"invalid": "Write a whole number, without quotes."}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, (int, float)) or abs(data) > LARGEST or data % 1:
            self.fail("invalid")
        return super().to_internal_value(int(data))


@extend_schema_field(
    {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "format": "decimal", "pattern": r"^-?\d{0,12}(\.\d{0,2})?$"},
        ]
    }
)
class Money(serializers.DecimalField):
    """A number, or the same as text, which keeps every cent."""


@extend_schema_field(
    {
        "anyOf": [
            {"type": "string", "maxLength": 500},
            {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
            {"type": "boolean"},
            {"type": "array", "items": {"type": "string", "maxLength": 500}},
        ]
    }
)
class AttributeValue(serializers.Field[Any, Any, Any, Any]):
    """A text, a number, yes or no, or a list of texts."""

    text = Text(max_length=500, allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list):
            return [self.text.run_validation(one) for one in data]
        if isinstance(data, str):
            return self.text.run_validation(data)
        if isinstance(data, (bool, int, float)) and abs(data) <= LARGEST:
            return data
        raise serializers.ValidationError("Give a text, a number, true or false, or a list of texts.")

    def to_representation(self, value: Any) -> Any:
        return value


class Attributes(serializers.DictField):
    child = AttributeValue()
    key = Text(max_length=60)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = {self.key.run_validation(key): value for key, value in data.items()}
        return super().to_internal_value(data)
