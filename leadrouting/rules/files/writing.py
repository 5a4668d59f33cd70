"""Making the draft say what a file says, in a bounded number of statements. Needs a transaction and the lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from leadrouting.engine.model import Step, StepKind
from leadrouting.rules.documents import text_of
from leadrouting.rules.editing import renew, reorder
from leadrouting.rules.files.comparing import Plan
from leadrouting.rules.files.said import DraftSaid, RuleSaid, TestSaid
from leadrouting.rules.models import Condition, Expectation, Rule, RuleSet, RuleSkill, Target
from leadrouting.teams.models import User

AT_ONCE = 500
COLUMNS = ["name", "logic", "is_active", "note", "valid_from", "valid_until"]


def created(wanted: DraftSaid) -> RuleSet:
    return RuleSet.objects.create(
        name=wanted.name, catch_all_id=wanted.catch_all, on_update=wanted.on_update, note=wanted.note
    )


def write(plan: Plan, rule_set: RuleSet, by: User | None, now: datetime) -> None:
    """Rules that stay keep their keys; those that say the same are not touched at all."""
    wanted = plan.wanted
    if plan.removed:
        Rule.objects.filter(pk__in=plan.removed).delete()
    order = with_new_rules(plan, rule_set, by, now)
    rewrite({key: wanted.rules[place] for place, key in enumerate(order) if place in plan.changed}, by, now)
    is_moved = reorder(rule_set, order) if plan.removed or plan.is_reordered or None in plan.kept else False
    if plan.settings_change:
        rule_set.catch_all_id, rule_set.on_update, rule_set.note = (
            wanted.catch_all,
            wanted.on_update,
            wanted.note,
        )
        rule_set.save(update_fields=["catch_all", "on_update", "note"])
    if not plan.is_new and (is_moved or plan.settings_change or plan.removed or None in plan.kept):
        renew(rule_set)
    if plan.tests_change:
        rule_set.expectations.all().delete()
        Expectation.objects.bulk_create([test_row(test, rule_set) for test in wanted.tests], AT_ONCE)


def with_new_rules(plan: Plan, rule_set: RuleSet, by: User | None, now: datetime) -> list[int]:
    """The keys of all rules in the file's order, after those that are new have been made."""
    new = {
        place: Rule(rule_set=rule_set, precedence=place + 1, changed_by=by, changed_at=now)
        for place, key in enumerate(plan.kept)
        if key is None
    }
    for place, rule in new.items():
        fill(rule, plan.wanted.rules[place])
    Rule.objects.bulk_create(new.values(), AT_ONCE)
    add_parts({rule.pk: plan.wanted.rules[place] for place, rule in new.items()})
    return [new[place].pk if key is None else key for place, key in enumerate(plan.kept)]


def rewrite(changed: dict[int, RuleSaid], by: User | None, now: datetime) -> None:
    if not changed:
        return
    rows = [Rule(pk=key) for key in changed]
    for row in rows:
        fill(row, changed[row.pk])
    Rule.objects.bulk_update(rows, COLUMNS, batch_size=AT_ONCE)
    Rule.objects.filter(pk__in=changed).update(edition=F("edition") + 1, changed_by=by, changed_at=now)
    for parts in (Condition, Target, RuleSkill):
        parts._default_manager.filter(rule__in=changed).delete()
    add_parts(changed)


def fill(row: Rule, said: RuleSaid) -> None:
    row.name, row.logic, row.is_active, row.note = said.name, said.rule.logic, said.is_active, said.note
    row.valid_from, row.valid_until = said.rule.valid_from, said.rule.valid_until


def add_parts(rules: dict[int, RuleSaid]) -> None:
    Condition.objects.bulk_create(
        [
            Condition(
                rule_id=key,
                position=position,
                fact=one.fact,
                operator=one.operator,
                value=text_of(one.operand),
            )
            for key, said in rules.items()
            for position, one in enumerate(said.rule.conditions)
        ],
        AT_ONCE * 4,
    )
    Target.objects.bulk_create(
        [row for key, said in rules.items() for row in target_rows(key, said.rule.ladder)], AT_ONCE * 4
    )
    RuleSkill.objects.bulk_create(
        [
            RuleSkill(rule_id=key, skill_id=skill, level=level)
            for key, said in rules.items()
            for skill, level in said.rule.skills
        ],
        AT_ONCE * 4,
    )


def target_rows(rule: int, ladder: Sequence[Step]) -> list[Target]:
    return [
        Target(
            rule_id=rule,
            position=position,
            kind=step.kind,
            wait=step.wait,
            ignore_hours=step.ignore_hours,
            ignore_capacity=step.ignore_capacity,
            drop_skills=step.drop_skills,
            only_present=step.only_present,
            **place(step.kind, step.id),
        )
        for position, step in enumerate(ladder)
    ]


def place(kind: StepKind, key: int) -> dict[str, int]:
    return {f"{kind.value}_id": key} if kind in (StepKind.POOL, StepKind.REP, StepKind.QUEUE) else {}


def test_row(test: TestSaid, rule_set: RuleSet) -> Expectation:
    return Expectation(
        rule_set=rule_set,
        name=test.name,
        given=test.given,
        at=test.at,
        kind=test.kind,
        **place(test.kind, test.key),
    )
