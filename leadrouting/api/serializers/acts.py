"""What people say when they act on a lead."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from leadrouting.api.fields import Money, Text, Whole
from leadrouting.api.strict import Strict
from leadrouting.assignments.models.feedback import BEST, WORST
from leadrouting.leads.enums import CLOSED
from leadrouting.leads.models import Activity

Kind = Activity.Kind
REPLIES = [
    (kind.value, kind.label)
    for kind in (Kind.RESPONSE, Kind.CALL, Kind.ATTEMPT, Kind.EMAIL, Kind.MESSAGE, Kind.MEETING)
]


def to_next_owner() -> Text:
    return Text(
        source="handover",
        max_length=2000,
        default="",
        allow_blank=True,
        help_text="For the next owner, who sees it first.",
    )


class Acceptance(Strict, serializers.Serializer[Any]):
    """Nothing needs to be said."""


class Refusal(Strict, serializers.Serializer[Any]):
    reason = Text(max_length=200, help_text="Goes with the lead.")
    note = to_next_owner()


class Reply(Strict, serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        choices=REPLIES,
        default=Kind.RESPONSE,
        help_text="How the prospect was answered. A meeting moves the lead on to that stage; an attempt (a call that "
        "nobody answered) stops the clock only where the SLA policy counts attempts.",
    )
    text = Text(max_length=5000, default="", allow_blank=True)


class Silence(Strict, serializers.Serializer[Any]):
    reason = Text(
        max_length=200,
        default="",
        allow_blank=True,
        help_text="Who said so, where. Is kept with the addresses.",
    )


class Judgement(Strict, serializers.Serializer[Any]):
    fit = Whole(
        min_value=WORST,
        max_value=BEST,
        default=None,
        allow_null=True,
        help_text="How well the lead fits its owner: from 1, not at all, to 5, exactly right. Up to 2 with a reason.",
    )
    reason = Text(max_length=200, default="", allow_blank=True, help_text="Why. A dispute needs it.")
    dispute = serializers.BooleanField(
        default=False, help_text="It should not be the owner's. It stays theirs until their manager decides."
    )
    rather = Text(
        max_length=100, default="", allow_blank=True, help_text="Who should have it, in the owner's words."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["fit"] is None and not attrs["dispute"]:
            raise serializers.ValidationError("Give a fit from 1 to 5, a dispute, or both.")
        return attrs


class Waiting(Strict, serializers.Serializer[Any]):
    reason = Text(max_length=200, help_text="What the owner waits for. Is kept with the lead.")


class Outcome(Strict, serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=[(status.value, status.label) for status in CLOSED])
    revenue = Money(
        max_digits=14, decimal_places=2, min_value=0, default=None, allow_null=True, help_text="For won."
    )
    reason = Text(max_length=200, default="", allow_blank=True, help_text="For lost and junk.")


class Handover(Strict, serializers.Serializer[Any]):
    to = Whole(min_value=1, help_text="The rep's id.")
    reason = Text(max_length=200, help_text="Is kept with the lead.")
    note = to_next_owner()
