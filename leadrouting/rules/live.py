"""The live version, compiled once per process. A version never changes, so its number is all to compare."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from leadrouting.engine.compile import CompiledRuleSet, compile_rules
from leadrouting.engine.model import RuleSet
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import rule_set_from
from leadrouting.rules.models import Version


@dataclass(frozen=True, slots=True)
class Live:
    rule_set: RuleSet
    compiled: CompiledRuleSet


@lru_cache(maxsize=8)
def load(version: int) -> Live:
    """The version with this primary key. Raises Version.DoesNotExist."""
    document = Version.objects.values_list("document", flat=True).get(pk=version)
    rule_set = rule_set_from(document, version)
    return Live(rule_set, compile_rules(rule_set, catalogue()))
