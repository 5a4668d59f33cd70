"""Rule sets, their rules, and what was published."""

from leadrouting.rules.admin import rules, rulesets, versions

__all__ = ["rules", "rulesets", "versions"]
