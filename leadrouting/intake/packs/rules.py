"""A pack's rules as a draft. Conditions and steps are written as one line each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from leadrouting.engine.model import StepKind
from leadrouting.intake.packs.files import Pack, PackError
from leadrouting.rules.models import Condition, Expectation, Rule, RuleSet, Target
from leadrouting.teams.models import Pool, Queue, Rep

WEDNESDAY = datetime(2026, 2, 25, 14, tzinfo=UTC)
"""When a golden case takes place that does not say: afternoon in Europe, morning in America, night in Asia."""
IGNORES = {
    "at any hour": {"ignore_hours": True},
    "at any load": {"ignore_hours": True, "ignore_capacity": True},
}


def draft_rules(pack: Pack) -> RuleSet:
    """The rules; golden cases that guard them are their test leads. Raises PackError for a line that cannot be read, KeyError for a pool, queue or rep that is not there."""
    places: dict[StepKind, dict[str, Any]] = {
        StepKind.POOL: {pool.name: pool for pool in Pool.objects.all()},
        StepKind.QUEUE: {queue.name: queue for queue in Queue.objects.all()},
        StepKind.REP: {rep.user.username: rep for rep in Rep.objects.select_related("user")},
    }
    rule_set = RuleSet.objects.create(
        name=pack["title"],
        note=pack.get("note", "").strip(),
        catch_all=places[StepKind.QUEUE][pack["catch_all"]],
    )
    for number, entry in enumerate(pack["rules"], 1):
        rule = Rule.objects.create(
            rule_set=rule_set,
            precedence=number,
            name=entry["name"],
            logic=entry.get("logic", ""),
            note=entry.get("note", ""),
        )
        Condition.objects.bulk_create(
            Condition(rule=rule, position=position, **condition(line, entry["name"]))
            for position, line in enumerate(entry.get("when", []), 1)
        )
        Target.objects.bulk_create(
            Target(rule=rule, position=position, **step(line, entry["name"], places))
            for position, line in enumerate(entry["ladder"], 1)
        )
    for case in pack.get("golden", []):
        if case.get("guards"):
            kind = StepKind.POOL if StepKind.POOL in case else StepKind.QUEUE
            place = {"kind": kind, kind: places[kind][case[kind]]}
            at = case.get("at", WEDNESDAY)
            Expectation.objects.create(
                rule_set=rule_set, name=case["name"], given=case["lead"], at=at, **place
            )
    return rule_set


def condition(line: str, rule: str) -> dict[str, str]:
    """ "country is_any_of DE, AT" -> fact, operator, value."""
    words = line.split(maxsplit=2)
    if len(words) < 2:
        raise PackError(f"Rule “{rule}”: write “{line}” as fact, operator, value.")
    return {"fact": words[0], "operator": words[1], "value": words[2] if len(words) == 3 else ""}


def step(line: str, rule: str, places: dict[StepKind, dict[str, Any]]) -> dict[str, Any]:
    """ "pool: Senior closers, at any hour" -> a target's fields."""
    kind, _, rest = line.partition(": ")
    name, _, ignores = rest.partition(", at ")
    options = IGNORES.get(f"at {ignores}") if ignores else {}
    if kind not in places or options is None:
        raise PackError(
            f"Rule “{rule}”: “{line}” is no step. Write, for example, “pool: Sales, at any hour”."
        )
    return {"kind": kind, kind: places[StepKind(kind)][name], **options}
