"""Input fields that take JSON at its word: a text is a text, a whole number a whole number."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LARGEST = 10**15  # beyond this not every whole number survives JSON
TOO_LARGE = "This number is too large."
AN_OBJECT = "Write an object: names with their values, in braces."
AN_AMOUNT = "Write an amount like 1250.50: at most 12 digits before the point and 2 after it."


class Text(serializers.CharField):
    """Refuses numbers: 0301234 as a number has lost its zero before it gets here."""

    default_error_messages = {"invalid": "Write this as text, in quotes."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    default_error_messages = {"invalid": "Write a whole number, without quotes.", "too_large": TOO_LARGE}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        if abs(data) > LARGEST:
            self.fail("too_large")
        if data % 1:
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

    default_error_messages = dict.fromkeys(
        ["invalid", "max_digits", "max_decimal_places", "max_whole_digits", "max_string_length"], AN_AMOUNT
    )


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
        if isinstance(data, (bool, int, float)):
            if abs(data) <= LARGEST:
                return data
            raise serializers.ValidationError(TOO_LARGE)
        raise serializers.ValidationError("Give a text, a number, true or false, or a list of texts.")

    def to_representation(self, value: Any) -> Any:
        return value


class Attributes(serializers.DictField):
    """The service reads each value as its attribute's type; null takes one away."""

    child = AttributeValue(allow_null=True)
    key = Text(max_length=60)
    default_error_messages = {"not_a_dict": AN_OBJECT}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = {self.key.run_validation(key): value for key, value in data.items()}
        return super().to_internal_value(data)
