"""Drafts that two people edit: who comes second is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from leadrouting.rules.documents import document_of
from leadrouting.rules.editing import Changed, duplicate, move, review, switch
from leadrouting.rules.models import Rule, RuleSet, RuleSkill
from leadrouting.teams.models import Skill
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules() -> RuleSet:
    rules = world.rule_set("Inbound")
    for name in ("Germany", "France", "Spain"):
        world.rule(rules, world.rep(), name=name, when=[("country", "is", name[:2])])
    return rules


def order(rules: RuleSet) -> list[str]:
    return list(rules.rules.values_list("name", flat=True))


def test_a_switch_notes_who_and_when(rules: RuleSet) -> None:
    rule, ingrid = rules.rules.get(name="France"), world.user("Ingrid Sommer")
    switch(rule_id=rule.pk, edition=1, on=False, by=ingrid, now=world.NOON)
    rule.refresh_from_db()
    assert (rule.is_active, rule.edition, rule.changed_by, rule.changed_at) == (False, 2, ingrid, world.NOON)
    with pytest.raises(Changed, match=r"Ingrid Sommer changed this rule. Nothing was changed") as told:
        switch(rule_id=rule.pk, edition=1, on=True, by=None, now=world.NOON)
    assert told.value.now == rule
    assert not rules.rules.get(name="France").is_active


def test_a_move_renumbers_from_one_and_counts(rules: RuleSet) -> None:
    spain = rules.rules.get(name="Spain")
    move(rule_set_id=rules.pk, edition=1, rule_id=spain.pk, place=1)
    assert order(rules) == ["Spain", "Germany", "France"]
    assert list(rules.rules.values_list("precedence", flat=True)) == [1, 2, 3]
    with pytest.raises(Changed, match="order"):
        move(rule_set_id=rules.pk, edition=1, rule_id=spain.pk, place=3)
    assert order(rules) == ["Spain", "Germany", "France"]
    move(rule_set_id=rules.pk, edition=2, rule_id=spain.pk, place=99)
    assert order(rules) == ["Germany", "France", "Spain"]


def test_a_move_to_the_same_place_changes_nothing(rules: RuleSet) -> None:
    move(rule_set_id=rules.pk, edition=1, rule_id=rules.rules.get(name="Spain").pk, place=3)
    rules.refresh_from_db()
    assert rules.edition == 1


def test_a_copy_lies_right_below_and_is_off(rules: RuleSet) -> None:
    rule = rules.rules.get(name="France")
    RuleSkill.objects.create(rule=rule, skill=Skill.objects.create(name="French"), level=3)
    copy = duplicate(rule_id=rule.pk, edition=1, by=None, now=world.NOON)
    assert order(rules) == ["Germany", "France", "France (copy)", "Spain"]
    assert not copy.is_active
    same = ("logic", "conditions", "ladder", "skills")
    assert [document_of(copy)[key] for key in same] == [document_of(rule)[key] for key in same]
    duplicate(rule_id=rule.pk, edition=1, by=None, now=world.NOON)
    assert "France (copy 2)" in order(rules)


def test_a_copy_of_a_long_name_fits(rules: RuleSet) -> None:
    rule = rules.rules.get(name="France")
    Rule.objects.filter(pk=rule.pk).update(name="x" * 120)
    copy = duplicate(rule_id=rule.pk, edition=1, by=None, now=world.NOON)
    assert copy.name == f"{'x' * 113} (copy)"


def test_a_review_is_no_change(rules: RuleSet) -> None:
    rule = rules.rules.get(name="France")
    review(rule_id=rule.pk, edition=1, now=world.NOON)
    rule.refresh_from_db()
    assert (rule.edition, rule.reviewed_at) == (1, world.NOON)


def test_what_was_deleted_is_said(rules: RuleSet) -> None:
    rule = rules.rules.get(name="France")
    key = rule.pk
    rule.delete()
    for act in (review, duplicate):
        options = {} if act is review else {"by": None}
        with pytest.raises(Changed, match="deleted"):
            act(rule_id=key, edition=1, now=world.NOON, **options)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_comes_first_and_all_others_are_told() -> None:
    key = world.rule(world.rule_set(), world.rep()).pk

    def switch_off(number: int) -> bool:
        try:
            switch(rule_id=key, edition=1, on=False, by=None, now=world.NOON)
        except Changed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(switch_off, range(8))) == 1
    assert Rule.objects.get(pk=key).edition == 2
