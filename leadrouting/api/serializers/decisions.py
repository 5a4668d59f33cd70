"""Why a lead went where it went."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from leadrouting.api.serializers.common import Described, Moment, Named
from leadrouting.api.serializers.misses import Miss
from leadrouting.assignments.explaining import names_for
from leadrouting.assignments.models import Decision
from leadrouting.assignments.stories import Story
from leadrouting.engine.model import StepKind
from leadrouting.engine.sentences import CAUSES, Names
from leadrouting.engine.words import did


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
    kind = serializers.ChoiceField(choices=[kind.value for kind in StepKind])
    target = Known(allow_null=True, help_text="Null: the lead has no such owner.")
    stands_in_for = Known(
        allow_null=True, help_text="Who is named, but is absent or not active: the target is asked instead."
    )
    territory = serializers.CharField(
        allow_null=True, help_text="Its code, where the pool is asked because it owns the lead’s territory."
    )
    strategy = serializers.CharField(allow_null=True)
    picked = Known(allow_null=True)
    passed_over = PassedOver(many=True)
    wait = serializers.IntegerField(help_text="Minutes that a lead is held for this step at most.")
    waited = serializers.IntegerField(
        help_text="Seconds that it had been looking for an owner, where `wait` is not 0."
    )


class RuleAsked(serializers.Serializer[Any]):
    rule = serializers.CharField(source="name")
    matched = serializers.BooleanField()
    failed_condition = serializers.CharField(
        source="failed", help_text="The first because of which it did not match; blank when it was not asked."
    )
    sentence = serializers.CharField()


class Candidate(serializers.Serializer[Any]):
    """Somebody who was considered on a step."""

    step = serializers.IntegerField(help_text="Counted from 1.")
    rep = serializers.SerializerMethodField()
    why = serializers.CharField(help_text="Why not; blank for who took it.")
    says = serializers.CharField(help_text="In words: “was at capacity”, “took it”.")

    @extend_schema_field(Known)
    def get_rep(self, candidate: Any) -> dict[str, Any]:
        return {"id": candidate.rep, "name": candidate.name}


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
    """With everything that it was made from: the facts, the version of the rules, each step tried; and its
    story, which comes from the view's context."""

    rule_set = serializers.CharField(
        source="version", allow_null=True, help_text="The published version, e.g. “Main v3”."
    )
    step = serializers.SerializerMethodField()
    tried = serializers.SerializerMethodField()
    explanation = serializers.SerializerMethodField()
    rules = serializers.SerializerMethodField()
    more_rules = serializers.SerializerMethodField()
    ladder = serializers.SerializerMethodField()
    candidates = serializers.SerializerMethodField()
    turn = serializers.SerializerMethodField()
    nearest_miss = serializers.SerializerMethodField()

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
            "rules",
            "more_rules",
            "ladder",
            "candidates",
            "turn",
            "nearest_miss",
            "engine_version",
        ]
        read_only_fields = fields

    @property
    def story(self) -> Story:
        told: Story = self.context["story"]
        return told

    def get_step(self, decision: Decision) -> int | None:
        """The step that took it, counted from 1; null when the catch-all queue did."""
        return None if decision.step is None else decision.step + 1

    @extend_schema_field(Step(many=True))
    def get_tried(self, decision: Decision) -> list[dict[str, Any]]:
        names = names_for([decision])
        return [step_of(tried, names) for tried in decision.tried]

    def get_explanation(self, decision: Decision) -> list[str]:
        return self.story.explanation

    @extend_schema_field(RuleAsked(many=True))
    def get_rules(self, decision: Decision) -> Any:
        """In order down to the one that matched; rules outside their time of validity say so."""
        return RuleAsked(self.story.rules, many=True).data

    def get_more_rules(self, decision: Decision) -> int:
        """How many rules above the one that matched are left out of `rules`."""
        return self.story.more_rules

    def get_ladder(self, decision: Decision) -> list[str]:
        """Where the rule sends leads, step by step, also the steps that were not needed."""
        return self.story.ladder

    @extend_schema_field(Candidate(many=True))
    def get_candidates(self, decision: Decision) -> Any:
        """Everybody who was considered, with the reason why not."""
        return Candidate(self.story.candidates, many=True).data

    def get_turn(self, decision: Decision) -> str:
        """Why it was the owner's turn; blank where the rotation decided nothing."""
        return self.story.turn

    @extend_schema_field(Miss(allow_null=True))
    def get_nearest_miss(self, decision: Decision) -> Any:
        """The smallest change of facts that would have sent the lead elsewhere; null when none was found."""
        return Miss(self.story.nearest).data if self.story.nearest else None


def step_of(tried: dict[str, Any], names: Names) -> dict[str, Any]:
    """A stored step with the names of today."""
    books = {"pool": names.pools, "queue": names.queues}
    reasons = tried.get("reasons", {})
    return {
        "step": tried["step"] + 1,
        "kind": tried["kind"],
        "target": known(tried["id"], books.get(tried["kind"], names.reps)) if tried["id"] else None,
        "stands_in_for": known(tried["stands_in"]["for"], names.reps) if "stands_in" in tried else None,
        "territory": tried.get("territory"),
        "wait": tried.get("wait", 0),
        "waited": tried.get("waited", 0),
        "strategy": tried.get("strategy"),
        "picked": known(tried["picked"], names.reps) if tried.get("picked") else None,
        "passed_over": [
            {
                "why": why,
                "says": did(why, len(reasons[why]), tried.get("language", "")),
                "reps": [known(rep, names.reps) for rep in reasons[why]],
            }
            for why in CAUSES
            if reasons.get(why)
        ],
    }


def known(pk: int, names: Any) -> dict[str, Any]:
    return {"id": pk, "name": names.get(pk, "")}
