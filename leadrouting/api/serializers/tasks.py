"""What is to be done for a lead."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leadrouting.api.fields import Text, Whole
from leadrouting.api.serializers.common import Moment, Named
from leadrouting.api.strict import Strict
from leadrouting.notifications.models import Task


class TaskInput(Strict, serializers.Serializer[Any]):
    lead = Whole(min_value=1, help_text="The lead's id.")
    title = Text(max_length=150, help_text="What is to be done.")
    due_at = Moment(help_text="By when: ahead, within two years.")
    note = Text(max_length=2000, default="", allow_blank=True)


class TaskDocument(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lead = serializers.IntegerField(source="lead_id")
    owner = Named(source="lead.owner", allow_null=True, help_text="Who has the lead, and so has to do it.")
    made_by = serializers.ChoiceField(choices=Task.MadeBy.choices, help_text="What it comes from.")
    author = Named(allow_null=True, help_text="Who wrote it down, if a person did.")
    title = serializers.CharField()
    note = serializers.CharField()
    due_at = Moment()
    created_at = Moment()
    done_at = Moment(allow_null=True)
    done_by = Named(allow_null=True, help_text="Who ticked it off.")
    dropped_at = Moment(allow_null=True, help_text="Since when it is not needed any more.")
    dropped_because = serializers.CharField(help_text="Why not.")


class TaskMove(Strict, serializers.Serializer[Any]):
    due_at = Moment(help_text="By when: ahead, within two years.")


class Ticked(Strict, serializers.Serializer[Any]):
    """Nothing needs to be said."""
