"""How findings name several rules at once."""

from __future__ import annotations

from collections.abc import Sequence

from leadrouting.engine.model import Rule
from leadrouting.engine.sentences import join
from leadrouting.rules.findings import Finding
from leadrouting.rules.links import rule_page, rule_set_page


def quoted(rules: Sequence[Rule]) -> str:
    return join([f"“{rule.name}”" for rule in rules])


def about(
    rules: Sequence[Rule], one: str, several: str, *, kind: str, rule_set: int, is_serious: bool = False
) -> list[Finding]:
    """One finding about these rules, none when there are none. `one` and `several` are templates with
    `{rules}` for their names."""
    if not rules:
        return []
    said = (one if len(rules) == 1 else several).format(rules=quoted(rules))
    url = rule_page(rules[0].id) if len(rules) == 1 else rule_set_page(rule_set)
    return [Finding(said, kind, is_serious, url)]
