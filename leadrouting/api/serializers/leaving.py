"""A rep leaves, and what becomes of the open leads."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leadrouting.api.strict import Strict
from leadrouting.assignments.leaving import How
from leadrouting.teams.models import Rep


class Leave(Strict, serializers.Serializer[Any]):
    open_leads = serializers.ChoiceField(
        choices=[(how.value, how.value) for how in How],
        help_text="Where they go: to the rep's backup, through the rules again, or to the rep in “to”.",
    )
    to = serializers.PrimaryKeyRelatedField(
        queryset=Rep.objects.select_related("user"),
        required=False,
        allow_null=True,
        default=None,
        help_text="A rep's id, for “rep”.",
    )


class Left(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="The rep.")
    is_active = serializers.BooleanField()
    moved = serializers.IntegerField(help_text="Open leads that moved with this call.")
