"""Queues that a rep takes leads from."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leadrouting.api.serializers.common import Moment
from leadrouting.api.strict import Strict


class Taking(Strict, serializers.Serializer[Any]):
    """Nothing needs to be said: who asks gets the lead, and the queue's order says which."""


class LineDocument(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="queue.pk")
    name = serializers.CharField(source="queue.name")
    waiting = serializers.IntegerField(help_text="How many leads wait that you could take.")
    oldest_at = Moment(allow_null=True, help_text="Since when the first of them waits.")
