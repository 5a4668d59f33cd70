"""Rule sets, their drafts as documents, and their versions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leadrouting.api.fields import Text, Whole
from leadrouting.api.serializers.common import Described, Moment, Named, ProblemDocument
from leadrouting.api.strict import Strict
from leadrouting.rules.models import RuleSet, Version
from leadrouting.rules.services import LONG_ENOUGH

PART = {"type": "object", "additionalProperties": True}
DRAFT: dict[str, Any] = {
    "type": "object",
    "description": "A draft with names in place of ids, the same in JSON and YAML: see docs/api.md.",
    "required": ["rule_set", "catch_all", "rules"],
    "additionalProperties": False,
    "properties": {
        "rule_set": {
            "type": "string",
            "maxLength": 80,
            "description": "Its name. It is made if there is none.",
        },
        "catch_all": {"type": "string", "description": "The queue for leads that no rule places."},
        "on_update": {"type": "string", "enum": RuleSet.OnUpdate.values},
        "note": {"type": "string"},
        "attributes": {**PART, "description": "Custom attributes that the rules ask about, by key."},
        "rules": {
            "type": "array",
            "items": PART,
            "description": "From the top, the first that matches decides.",
        },
        "tests": {"type": "array", "items": PART, "description": "Test leads and where they should go."},
        "based_on": {
            "type": "string",
            "description": "From an export: refuses to undo what others changed since.",
        },
    },
}


class RuleSetDocument(Described):
    """`rules` counts those of the draft that are on; `live` is the number of the version that routes, if any."""

    catch_all = Named()
    rules = serializers.IntegerField(source="active_rules")
    live = serializers.IntegerField(source="live_number", allow_null=True)

    class Meta:
        model = RuleSet
        fields = ["id", "name", "note", "catch_all", "on_update", "rules", "live"]
        read_only_fields = fields


class VersionDocument(Described):
    published_at = Moment()
    published_by = Named(allow_null=True)
    rules = serializers.IntegerField(source="rule_count")
    restores = serializers.IntegerField(
        source="restores.number",
        allow_null=True,
        default=None,
        help_text="It was rolled back to this version.",
    )

    class Meta:
        model = Version
        fields = [
            "id",
            "number",
            "is_live",
            "summary",
            "published_at",
            "published_by",
            "rules",
            "restores",
            "overridden",
        ]
        read_only_fields = fields


class ChangeDocument(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=["new", "changed", "moved", "gone"])
    name = serializers.CharField()
    before = serializers.CharField(help_text="In a sentence; blank where there is none.")
    after = serializers.CharField()


class ImportDocument(serializers.Serializer[Any]):
    """What an import changed, or with `dry_run` would change."""

    rule_set = Named(allow_null=True, help_text="Null in a dry run for one that does not exist yet.")
    created = serializers.BooleanField()
    dry_run = serializers.BooleanField()
    summary = serializers.CharField()
    changes = ChangeDocument(many=True)
    unchanged = serializers.IntegerField(help_text="Rules that say the same as before.")
    outdated = serializers.CharField(help_text="What somebody changed since the export; blank: nothing.")


class ImportOptions(Strict, serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(default=False, help_text="Only say what would change.")
    force = serializers.BooleanField(
        default=False, help_text="Also undo what others changed since the export."
    )


class PublishInput(Strict, serializers.Serializer[Any]):
    summary = Text(max_length=200, default="", allow_blank=True, help_text="What changes, in a line.")
    override = Text(
        max_length=400,
        default="",
        allow_blank=True,
        help_text=f"Why it goes live though test leads fail, in {LONG_ENOUGH} letters or more.",
    )

    def validate_override(self, reason: str) -> str:
        if 0 < len(reason) < LONG_ENOUGH:
            raise serializers.ValidationError(
                f"Say why it goes live though test leads fail in {LONG_ENOUGH} letters or more; "
                f"“{reason}” has {len(reason)}. Leave it out when none fails."
            )
        return reason


class RollbackInput(Strict, serializers.Serializer[Any]):
    version = Whole(min_value=1, help_text="The number of the version to go back to.")
    reason = Text(max_length=200, help_text="For those who read the list of versions later.")


@extend_schema_field(
    {
        "anyOf": [
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["line", "column", "pointer", "reason"],
                    "properties": {
                        "line": {"type": "integer", "nullable": True},
                        "column": {"type": "integer", "nullable": True},
                        "pointer": {"type": "string", "description": "JSON pointer, e.g. /rules/0/when/1."},
                        "reason": {"type": "string"},
                    },
                },
            },
            {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        ]
    }
)
class FileErrors(serializers.Field[Any, Any, Any, Any]):
    """A list with places for what is wrong in the document; messages by name for a wrong parameter."""


class FileProblem(ProblemDocument):
    """An error; what is wrong in a document is listed with its places."""

    errors = FileErrors(required=False)  # type: ignore[assignment]  # a declared field is no attribute


class CannotGoLive(ProblemDocument):
    """An error; `problems` lists what keeps it from going live, a sentence each."""

    problems = serializers.ListField(child=serializers.CharField(), required=False)
