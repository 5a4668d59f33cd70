"""Changes to a draft that two people may make at once: whoever comes second is told, and overwrites nothing.

Every change of a rule goes through `touch`; every change of the order through `reorder`. The verbs open their
own transaction and lock first the rule set, then the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from leadrouting.rules.models import Condition, Rule, RuleSet, RuleSkill, Target
from leadrouting.teams.models import User

COPY = "{} (copy{})"


class Changed(Exception):
    """Somebody else changed it since it was shown; `now` is the rule as it is (None: it was deleted)."""

    def __init__(self, said: str, now: Rule | None = None) -> None:
        super().__init__(said)
        self.now = now


def touch(rule: Rule, by: User | None, now: datetime) -> None:
    """Note who changed the rule, also in its conditions, skills or targets. Needs a transaction."""
    Rule.objects.filter(pk=rule.pk).update(edition=F("edition") + 1, changed_by=by, changed_at=now)
    rule.refresh_from_db(fields=["edition", "changed_by", "changed_at"])


def renew(rule_set: RuleSet) -> None:
    """Note that the rule set's order or settings changed. Needs a transaction."""
    RuleSet.objects.filter(pk=rule_set.pk).update(edition=F("edition") + 1)
    rule_set.refresh_from_db(fields=["edition"])


def locked_rule(key: int, edition: int) -> Rule:
    """The rule, locked, if it still is the one that was shown. Raises Changed. Needs a transaction."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("changed_by").filter(pk=key).first()
    if rule is None:
        raise Changed("Somebody deleted this rule meanwhile. Nothing was changed.")
    if rule.edition != edition:
        raise Changed(f"{who_changed(rule)} this rule. Nothing was changed: look at it again first.", rule)
    return rule


def locked_rule_set(key: int, edition: int) -> RuleSet:
    """The rule set, locked, if its order and settings are those that were shown. Raises Changed."""
    rule_set = RuleSet.objects.select_for_update().get(pk=key)
    if rule_set.edition != edition:
        raise Changed("Somebody changed the order of the rules meanwhile, so nothing was moved.")
    return rule_set


def who_changed(rule: Rule) -> str:
    """`Ingrid Sommer changed`, for a sentence about the rule; the one who shows it adds when."""
    return f"{rule.changed_by or 'Somebody else'} changed"


@transaction.atomic
def switch(*, rule_id: int, edition: int, on: bool, by: User | None, now: datetime) -> Rule:
    """Switch a rule of the draft on or off. Raises Changed."""
    rule = locked_rule(rule_id, edition)
    if rule.is_active != on:
        rule.is_active = on
        rule.save(update_fields=["is_active"])
        touch(rule, by, now)
    return rule


@transaction.atomic
def review(*, rule_id: int, edition: int, now: datetime) -> Rule:
    """Somebody says that the rule is still right. It says the same as before, so its edition stays."""
    rule = locked_rule(rule_id, edition)
    rule.reviewed_at = now
    rule.save(update_fields=["reviewed_at"])
    return rule


@transaction.atomic
def move(*, rule_set_id: int, edition: int, rule_id: int, place: int) -> RuleSet:
    """Put a rule at this place, from 1; one beyond the ends is the end. Raises Changed."""
    rule_set = locked_rule_set(rule_set_id, edition)
    order = list(rule_set.rules.values_list("pk", flat=True))
    if rule_id not in order:
        raise Changed("Somebody deleted this rule meanwhile. Nothing was moved.")
    order.remove(rule_id)
    order.insert(max(0, place - 1), rule_id)
    if reorder(rule_set, order):
        renew(rule_set)
    return rule_set


@transaction.atomic
def duplicate(*, rule_id: int, edition: int, by: User | None, now: datetime) -> Rule:
    """A copy right below, switched off, so that the draft says the same as before. Raises Changed."""
    found = Rule.objects.filter(pk=rule_id).first()
    if found is not None:
        RuleSet.objects.select_for_update().get(pk=found.rule_set_id)
    rule = locked_rule(rule_id, edition)
    rule_set = rule.rule_set
    order = list(rule_set.rules.values_list("pk", flat=True))
    copy = Rule.objects.create(
        rule_set=rule_set,
        precedence=rule.precedence,
        name=free_name(rule),
        logic=rule.logic,
        is_active=False,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        note=rule.note,
        changed_at=now,
        changed_by=by,
    )
    copy_parts(rule, copy)
    order.insert(order.index(rule.pk) + 1, copy.pk)
    reorder(rule_set, order)
    renew(rule_set)
    return copy


def copy_parts(rule: Rule, copy: Rule) -> None:
    for model in (Condition, Target, RuleSkill):
        rows: list[Any] = list(model._default_manager.filter(rule=rule))
        for row in rows:
            row.pk, row.rule = None, copy
        model._default_manager.bulk_create(rows)


def free_name(rule: Rule) -> str:
    """`Germany (copy)`, `Germany (copy 2)`: shortened where the column is too narrow."""
    taken = set(rule.rule_set.rules.values_list("name", flat=True))
    room = Rule._meta.get_field("name").max_length or 120
    for number in range(1, len(taken) + 2):
        ending = COPY.format("", "" if number == 1 else f" {number}")
        name = f"{rule.name[: room - len(ending)].rstrip()}{ending}"
        if name not in taken:
            return name
    raise AssertionError("one of n + 1 names is free among n")


def reorder(rule_set: RuleSet, order: Sequence[int]) -> bool:
    """Number the rules from 1 in this order; whether that changed anything. Needs a transaction."""
    places = {key: place for place, key in enumerate(order, start=1)}
    moved = [
        rule
        for rule in rule_set.rules.only("pk", "precedence", "rule_set")
        if rule.precedence != places[rule.pk]
    ]
    for rule in moved:
        rule.precedence = places[rule.pk]
    Rule.objects.bulk_update(moved, ["precedence"], batch_size=500)
    return bool(moved)
