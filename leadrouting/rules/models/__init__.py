from leadrouting.rules.models.expectation import Expectation
from leadrouting.rules.models.parts import Condition, ConditionRow, RuleSkill, Target
from leadrouting.rules.models.ruleset import Rule, RuleSet
from leadrouting.rules.models.scoring import ScoreCondition, ScoreRule, Tier
from leadrouting.rules.models.version import Version

__all__ = [
    "Condition",
    "ConditionRow",
    "Expectation",
    "Rule",
    "RuleSet",
    "RuleSkill",
    "ScoreCondition",
    "ScoreRule",
    "Target",
    "Tier",
    "Version",
]
