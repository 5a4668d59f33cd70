"""Why a lead went where it went."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leadrouting.api.serializers.common import Described, Moment, Named
from leadrouting.assignments.explaining import explanation, names_for
from leadrouting.assignments.models import Decision
from leadrouting.engine.sentences import CAUSES, Names


class Known(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PassedOver(serializers.Serializer[Any]):
    why = serializers.ChoiceField(choices=[str(why) for why in CAUSES])
    says = serializers.CharField(help_text="In words: “was at capacity”.")
    reps = Known(many=True)


class Step(serializers.Serializer[Any]):
    """A step of the rule's ladder as it was considered."""

    step = serializers.IntegerField(help_text="Counted from 1.")
    kind = serializers.ChoiceField(choices=["pool", "rep", "queue"])
    target = Known()
    strategy = serializers.CharField(allow_null=True)
    picked = Known(allow_null=True)
    passed_over = PassedOver(many=True)


class DecisionSummary(Described):
    """`sentence` says it in one line. It comes from the view's context, which asks for all at once."""

    actor = Named(allow_null=True)
    rule = serializers.CharField(source="rule_name", help_text="Blank: none matched, or moved by hand.")
    owner = Named(source="rep", allow_null=True)
    queue = Named(allow_null=True)
    decided_at = Moment()
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = [
            "id",
            "lead",
            "cause",
            "actor",
            "reason",
            "decided_at",
            "rule",
            "owner",
            "queue",
            "sentence",
        ]
        read_only_fields = fields

    def get_sentence(self, decision: Decision) -> str:
        return str(self.context["sentences"][decision.pk])


class DecisionDetail(DecisionSummary):
    """With everything that it was made from: the facts, the version of the rules, each step tried."""

    rule_set = serializers.CharField(
        source="version", allow_null=True, help_text="The published version, e.g. “Main v3”."
    )
    step = serializers.SerializerMethodField()
    tried = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()

    class Meta(DecisionSummary.Meta):
        fields = [
            *DecisionSummary.Meta.fields,
            "rule_set",
            "rule_id",
            "step",
            "passed_cap",
            "facts",
            "tried",
            "explanation",
            "engine_version",
        ]
        read_only_fields = fields

    def get_step(self, decision: Decision) -> int | None:
        """The step that took it, counted from 1; null when the catch-all queue did."""
        return None if decision.step is None else decision.step + 1

    @extend_schema_field(Step(many=True))
    def get_tried(self, decision: Decision) -> list[dict[str, Any]]:
        names = names_for([decision])
        return [step_of(tried, names) for tried in decision.tried]

    def get_explanation(self, decision: Decision) -> list[str]:
        return explanation(decision)


def step_of(tried: dict[str, Any], names: Names) -> dict[str, Any]:
    """A stored step with the names of today."""
    books = {"pool": names.pools, "rep": names.reps, "queue": names.queues}
    reasons = tried.get("reasons", {})
    return {
        "step": tried["step"] + 1,
        "kind": tried["kind"],
        "target": known(tried["id"], books[tried["kind"]]),
        "strategy": tried.get("strategy"),
        "picked": known(tried["picked"], names.reps) if tried.get("picked") else None,
        "passed_over": [
            {
                "why": why,
                "says": CAUSES[why][len(reasons[why]) > 1],
                "reps": [known(rep, names.reps) for rep in reasons[why]],
            }
            for why in CAUSES
            if reasons.get(why)
        ],
    }


def known(pk: int, names: Any) -> dict[str, Any]:
    return {"id": pk, "name": names.get(pk, "")}
