"""Input that is taken at its word: what nobody knows is refused, with a message that names what was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from leadrouting.api.fields import AN_OBJECT


class StrictParser(JSONParser):
    """JSON whose size is limited (DATA_UPLOAD_MAX_MEMORY_SIZE) and whose depth cannot exhaust the stack."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        _ = parser_context["request"].body  # read here, where the limit holds
        try:
            return super().parse(parser_context["request"]._request, media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ParseError as error:
            if "integer string conversion" in str(error):  # Python's own words are not for callers
                raise ParseError("A number in the JSON has too many digits.") from None
            raise


class Strict(serializers.Serializer[Any]):
    """A serializer that refuses fields it does not have. `elsewhere` says where some of them are changed."""

    elsewhere: dict[str, str] = {}
    default_error_messages = {"invalid": AN_OBJECT}

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for field in fields.values():
            if isinstance(field, serializers.ChoiceField):
                known = ", ".join(str(choice) for choice in field.choices if choice != "")
                field.error_messages["invalid_choice"] = f"“{{input}}” is not one of: {known}."
        return fields

    def to_internal_value(self, data: Any) -> Any:
        unknown = unknown_in(data, self.fields, self.elsewhere) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**unknown, **error.detail}) from None  # type: ignore[dict-item]  # of an object's fields, so an object
        if unknown:
            raise ValidationError(unknown)
        return value


def unknown_in(
    given: Iterable[str], known: Collection[str], elsewhere: dict[str, str] | None = None
) -> dict[str, list[str]]:
    """A message for each name that is not known."""
    return {
        name: [(elsewhere or {}).get(name) or no_such_field(name, known)]
        for name in given
        if name not in known
    }


def no_such_field(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.strip().lower(), list(known), n=3, cutoff=0.6)
    if near:
        return f"There is no field “{name}”. Did you mean {' or '.join(f'“{one}”' for one in near)}?"
    return f"There is no field “{name}”. Known: {', '.join(sorted(known))}."


def validated(kind: type[serializers.BaseSerializer[Any]], data: Any) -> dict[str, Any]:
    """The data as the serializer reads it. Raises ValidationError."""
    reading = kind(data=data)
    reading.is_valid(raise_exception=True)
    return reading.validated_data
