"""The live version, compiled once per process. A version never changes, so its number is all to compare."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from leadrouting.engine.compile import CompiledRuleSet, compile_rules
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import RuleSet
from leadrouting.rules.catalogue import catalogue_of
from leadrouting.rules.documents import rule_set_from
from leadrouting.rules.models import Version
from leadrouting.rules.models.ruleset import RuleSet as Draft


@dataclass(frozen=True, slots=True)
class Live:
    """Rules ready to match. Between two `changes` (instants at which a rule begins or ends to be valid) the
    same rules are valid: they are compiled once, when first asked for."""

    rule_set: RuleSet
    catalogue: Catalogue
    on_update: str
    changes: tuple[datetime, ...]
    eras: dict[int, CompiledRuleSet] = field(default_factory=dict)

    def at(self, now: datetime) -> CompiledRuleSet:
        """The rules that are valid at `now`, compiled."""
        era = bisect_right(self.changes, now)
        if era not in self.eras:
            self.eras[era] = compile_rules(self.rule_set.at(now), self.catalogue)
        return self.eras[era]


def current() -> Live | None:
    """The version that routes; None while none does. One query, and one more for a version not seen yet."""
    version = Version.objects.filter(is_live=True).values_list("pk", flat=True).first()
    return load(version) if version is not None else None


@lru_cache(maxsize=8)
def load(version: int) -> Live:
    """The version with this primary key. Raises Version.DoesNotExist."""
    return ready(Version.objects.values_list("document", flat=True).get(pk=version), version)


def ready(document: Mapping[str, Any], version: int = 0) -> Live:
    """Any document made ready: a version's, or a draft's (version 0). Raises RuleError, at the latest in `at`."""
    rule_set = rule_set_from(document, version)
    changes = {at for rule in rule_set.rules for at in (rule.valid_from, rule.valid_until) if at is not None}
    on_update = document.get("on_update", Draft.OnUpdate.NEVER)
    return Live(rule_set, catalogue_of(document), on_update, tuple(sorted(changes)))
