"""Rule sets, their rules, and what was published."""

from leadrouting.rules.admin import rules, rulesets, scoring, versions

__all__ = ["rules", "rulesets", "scoring", "versions"]
