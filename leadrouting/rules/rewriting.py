"""The rows of a draft, written from a document. All within the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from leadrouting.engine.model import StepKind
from leadrouting.rules.documents import moment, quoted, text_of
from leadrouting.rules.models import Condition, Rule, RuleSet, RuleSkill, Target
from leadrouting.teams.models import User

PARTS: tuple[type[Model], ...] = (Condition, RuleSkill, Target)
COLUMNS = ["name", "logic", "is_active", "precedence", "valid_from", "valid_until"]
CHANGED = [*COLUMNS, "edition", "changed_at", "changed_by"]
WIDEST = 1000
"""Characters that the value of a condition may have."""


def make_room(known: dict[int, Rule], wanted: Sequence[dict[str, Any]], others: Sequence[Rule]) -> None:
    """Names are unique in a rule set at every moment: who takes another's name waits under a number, and who
    has a name that is wanted gets a longer one."""
    names = {data["name"] for data in wanted}
    taken = names | {rule.name for rule in known.values()}
    renamed = []
    for rule in others:
        if rule.name in names:
            rule.name = free_name(rule.name, taken)
            taken.add(rule.name)
            renamed.append(rule)
    for data in wanted:
        old = known.get(data["id"])
        if old is not None and old.name != data["name"]:
            old.name = f"\N{HORIZONTAL ELLIPSIS}{old.pk}"
            renamed.append(old)
    Rule.objects.bulk_update(renamed, ["name"])


def free_name(name: str, taken: set[str]) -> str:
    """`Germany (kept aside)`, `Germany (kept aside 2)`."""
    for number in range(1, len(taken) + 2):
        ending = " (kept aside)" if number == 1 else f" (kept aside {number})"
        longer = f"{name[: 120 - len(ending)]}{ending}"
        if longer not in taken:
            return longer
    raise AssertionError("one of n + 1 names is free among n")


def write_rules(
    rule_set: RuleSet,
    known: dict[int, Rule],
    wanted: Sequence[tuple[int, dict[str, Any]]],
    different: set[int],
    by: User | None,
    now: datetime,
) -> None:
    old: list[Rule] = []
    new: list[Rule] = []
    for place, data in wanted:
        rule = known.get(data["id"]) or Rule(pk=data["id"], rule_set=rule_set, edition=0)
        rule.name, rule.logic, rule.is_active, rule.precedence = data["name"], data["logic"], True, place
        rule.valid_from, rule.valid_until = moment(data.get("valid_from")), moment(data.get("valid_until"))
        if data["id"] in different:
            rule.edition, rule.changed_at, rule.changed_by = rule.edition + 1, now, by
        (old if data["id"] in known else new).append(rule)
    Rule.objects.bulk_update(old, CHANGED, batch_size=500)
    Rule.objects.bulk_create(new)
    if new:
        stay_ahead_of(max(rule.pk for rule in new))


def stay_ahead_of(key: int) -> None:
    """Numbers that were given out stay given out, also where rows came in by a backup without their sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(seq, %s) FROM (SELECT pg_get_serial_sequence('rules_rule', 'id')::regclass AS seq) s"
            " WHERE coalesce(pg_sequence_last_value(seq), 0) < %s",
            [key, key],
        )


def write_parts(rules: Sequence[dict[str, Any]]) -> None:
    keys = [rule["id"] for rule in rules]
    for part in PARTS:
        part._default_manager.filter(rule__in=keys).delete()
    Condition.objects.bulk_create([one for rule in rules for one in conditions_of(rule)])
    Target.objects.bulk_create([one for rule in rules for one in targets_of(rule)])
    RuleSkill.objects.bulk_create(
        [
            RuleSkill(rule_id=rule["id"], skill_id=skill, level=level)
            for rule in rules
            for skill, level in rule.get("skills", ())
        ]
    )


def conditions_of(rule: dict[str, Any]) -> Iterator[Condition]:
    for position, data in enumerate(rule["conditions"], start=1):
        value = text_of(operand := data["operand"])
        if len(value) > WIDEST:
            value = ",".join(map(quoted, operand))
        yield Condition(
            rule_id=rule["id"], position=position, fact=data["fact"], operator=data["operator"], value=value
        )


def targets_of(rule: dict[str, Any]) -> Iterator[Target]:
    for position, step in enumerate(rule["ladder"], start=1):
        rest = {name: value for name, value in step.items() if name not in ("kind", "id")}
        target = Target(rule_id=rule["id"], position=position, kind=step["kind"], **rest)
        if step["kind"] in (StepKind.POOL, StepKind.REP, StepKind.QUEUE):
            setattr(target, f"{step['kind']}_id", step["id"])
        yield target


def put_aside(rules: Sequence[Rule], after: int, by: User | None, now: datetime) -> None:
    for place, rule in enumerate(rules, start=after + 1):
        rule.precedence = place
        if rule.is_active:
            rule.is_active = False
            rule.edition, rule.changed_at, rule.changed_by = rule.edition + 1, now, by
    Rule.objects.bulk_update(rules, CHANGED, batch_size=500)
