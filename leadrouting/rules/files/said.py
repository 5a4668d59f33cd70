"""What a draft says, as values that can be compared: the same from a file and from the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from leadrouting.engine.model import Rule as Engine
from leadrouting.engine.model import StepKind
from leadrouting.rules.documents import document_of, rule_from
from leadrouting.rules.models import Expectation, Rule, RuleSet


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """`rule` has the id 0, its skills are in the order of their keys, and its operands are texts."""

    rule: Engine
    is_active: bool = True
    note: str = ""

    @property
    def name(self) -> str:
        return self.rule.name


@dataclass(frozen=True, slots=True)
class TestSaid:
    """A test lead; `key` is that of the pool, rep or queue. `at` is in UTC."""

    __test__ = False  # not one of pytest's

    name: str
    kind: StepKind
    key: int
    given: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftSaid:
    name: str
    catch_all: int
    on_update: str = RuleSet.OnUpdate.NEVER
    note: str = ""
    rules: tuple[RuleSaid, ...] = ()
    tests: tuple[TestSaid, ...] = ()


def said_by(rule_set: RuleSet, rules: Iterable[Rule] | None = None) -> DraftSaid:
    """The draft as it is; `rules` are its rules in order with their parts, when known. Five queries at most."""
    if rules is None:
        rules = rule_set.rules.prefetch_related("conditions", "targets", "skills")
    return DraftSaid(
        name=rule_set.name,
        catch_all=rule_set.catch_all_id,
        on_update=rule_set.on_update,
        note=plain_lines(rule_set.note),
        rules=tuple(map(said_by_rule, rules)),
        tests=tuple(map(said_by_test, rule_set.expectations.all())),
    )


def said_by_rule(rule: Rule) -> RuleSaid:
    engine = rule_from(document_of(rule))
    return RuleSaid(
        replace(engine, id=0, skills=tuple(sorted(engine.skills))), rule.is_active, plain_lines(rule.note)
    )


def said_by_test(test: Expectation) -> TestSaid:
    key = test.pool_id or test.rep_id or test.queue_id or 0
    at = test.at.astimezone(UTC) if test.at else None
    return TestSaid(test.name, StepKind(test.kind), key, test.given, at)


def plain_lines(text: str) -> str:
    """Browsers end lines with CR LF, files with LF: they mean the same."""
    return text.replace("\r\n", "\n")
