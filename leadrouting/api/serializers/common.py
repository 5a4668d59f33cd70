"""Pieces that several documents share."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db import models
from rest_framework import serializers


class Moment(serializers.DateTimeField):
    """Always in UTC, whatever the caller's own time zone is; without a zone, what is given is UTC."""

    default_error_messages = dict.fromkeys(
        ["invalid", "date", "overflow"],
        "Write a moment such as 2026-03-04T12:00:00Z, or a day; without a zone it is UTC.",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Described(serializers.ModelSerializer[Any]):
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Moment,
    }


class Named(serializers.Serializer[Any]):
    """Somebody or something by id and name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


class ProblemDocument(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, and what to do.")
    code = serializers.CharField(help_text="For programs, e.g. invalid, not_found, refused, not_yours.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a declared field is no attribute
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Messages by field; what concerns the whole is under “body”.",
    )
