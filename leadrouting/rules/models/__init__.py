from leadrouting.rules.models.ruleset import Condition, Rule, RuleSet, Target
from leadrouting.rules.models.version import Version

__all__ = ["Condition", "Rule", "RuleSet", "Target", "Version"]
