"""A version becomes the draft again, exactly, whatever the draft has become meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leadrouting.engine.model import StepKind
from leadrouting.rules.documents import draft_of
from leadrouting.rules.models import Condition, Rule, RuleSet, Target, Version
from leadrouting.rules.restoring import load_into_draft, overwritten
from leadrouting.rules.services import CannotPublish, Outdated, publish
from leadrouting.rules.wording import all_names
from tests import world

LATER = world.NOON + timedelta(days=1)


def load(version: Version, **values: Any) -> None:
    load_into_draft(version=version, by=None, now=LATER, **values)


@pytest.mark.django_db
def test_a_deleted_rule_is_made_again_under_its_old_number():
    rules = world.rule_set()
    first = world.rule(rules, world.rep(), name="First", note="Ask Rita.")
    gone = world.rule(rules, world.rep(), name="Gone", when=[("country", "is_any_of", "DE, AT")])
    version = publish(rule_set=rules, by=None, now=world.NOON)
    key = gone.pk
    gone.delete()
    mine = world.rule(rules, world.rep(), name="Mine", note="Not published yet.")
    load(version)
    assert draft_of(rules) == version.document
    assert Rule.objects.get(pk=key).name == "Gone"
    assert Rule.objects.get(pk=first.pk).note == "Ask Rita."
    mine.refresh_from_db()
    assert (mine.is_active, mine.note, mine.changed_at) == (False, "Not published yet.", LATER)
    assert world.rule(rules, name="New").pk > mine.pk > key


@pytest.mark.django_db
def test_a_number_above_the_sequence_does_not_come_again():
    rules = world.rule_set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM rules_rule_id_seq")
        far = cursor.fetchone()[0] + 1000
    rule = Rule.objects.create(pk=far, rule_set=rules, name="Far", precedence=1)
    Target.objects.create(rule=rule, kind=StepKind.REP, rep=world.rep())
    version = publish(rule_set=rules, by=None, now=world.NOON)
    rule.delete()
    load(version)
    assert Rule.objects.create(rule_set=rules, name="Next").pk == far + 1


@pytest.mark.django_db
def test_names_that_were_swapped_or_taken_make_room():
    rules, rep = world.rule_set(), world.rep()
    one, two = world.rule(rules, rep, name="One"), world.rule(rules, rep, name="Two")
    version = publish(rule_set=rules, by=None, now=world.NOON)
    Rule.objects.filter(pk=one.pk).update(name="-")
    Rule.objects.filter(pk=two.pk).update(name="One")
    Rule.objects.filter(pk=one.pk).update(name="Three")
    other = world.rule(rules, rep, name="Two", is_active=False)
    load(version)
    assert draft_of(rules) == version.document
    other.refresh_from_db()
    assert (other.name, other.is_active) == ("Two (kept aside)", False)


@pytest.mark.django_db
def test_what_is_overwritten_is_told_before():
    rules, rep = world.rule_set(), world.rep("Rita")
    one, two, three = (world.rule(rules, rep, name=name) for name in ("One", "Two", "Three"))
    version = publish(rule_set=rules, by=None, now=world.NOON)
    Condition.objects.create(rule=one, fact="country", operator="is", value="FR")
    Rule.objects.filter(pk=two.pk).update(is_active=False)
    Condition.objects.create(rule=two, fact="country", operator="is", value="ES")
    three.delete()
    world.rule(rules, rep, name="Mine")
    told = overwritten(version, all_names())
    assert {(one.what, one.name, one.before) for one in told.changes} == {
        ("changed", "One", "When country is France, give to Rita."),
        ("changed", "Two", "Switched off: When country is Spain, give to Rita."),
        ("new", "Three", ""),
        ("gone", "Mine", "For every lead, give to Rita."),
    }
    load(version, seen=told.seen)
    assert overwritten(version, all_names()).changes == []


@pytest.mark.django_db
def test_a_draft_that_changed_meanwhile_is_not_overwritten():
    rules = world.rule_set()
    world.rule(rules, world.rep(), name="One")
    version = publish(rule_set=rules, by=None, now=world.NOON)
    sleeping = world.rule(rules, world.rep(), name="Two", is_active=False)
    seen = overwritten(version, all_names()).seen
    Condition.objects.create(rule=sleeping, fact="country", operator="is", value="FR")
    with pytest.raises(Outdated):
        load(version, seen=seen)


@pytest.mark.django_db
def test_what_points_at_nothing_is_refused():
    rules, rep = world.rule_set(), world.rep()
    pool = world.pool(rep)
    rule = world.rule(rules, pool, name="One")
    version = publish(rule_set=rules, by=None, now=world.NOON)
    rule.targets.all().delete()
    pool.memberships.all().delete()
    pool.delete()
    with pytest.raises(CannotPublish, match="a pool that no longer exists"):
        load(version)
    assert not rule.targets.exists()


@pytest.mark.django_db
def test_a_rule_that_stayed_as_it_is_keeps_its_edition():
    rules, rep = world.rule_set(), world.rep()
    _one, two = world.rule(rules, rep, name="One"), world.rule(rules, rep, name="Two")
    version = publish(rule_set=rules, by=None, now=world.NOON)
    Rule.objects.filter(pk=two.pk).update(logic="1")
    load(version)
    assert list(rules.rules.values_list("edition", flat=True)) == [1, 2]
    assert RuleSet.objects.get(pk=rules.pk).edition == 2


@pytest.mark.django_db
def test_loading_costs_the_same_for_two_rules_and_for_sixty(django_assert_max_num_queries):
    rules, rep = world.rule_set(), world.rep()
    for _ in range(60):
        world.rule(rules, rep, when=[("country", "is", "IN")])
    version = publish(rule_set=rules, by=None, now=world.NOON)
    Rule.objects.filter(precedence__lt=30).delete()
    Rule.objects.update(logic="1")
    with django_assert_max_num_queries(40):
        load(version)
    assert draft_of(rules) == version.document


VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=12
)
CONDITIONS = st.lists(
    st.one_of(
        st.tuples(st.just("country"), st.sampled_from(["is", "is_any_of", "is_none_of"]), VALUES),
        st.tuples(st.just("city"), st.sampled_from(["contains", "is_blank", "starts_with"]), VALUES),
        st.tuples(st.just("score"), st.sampled_from([">=", "between"]), st.sampled_from(["1", "1, 50"])),
    ),
    max_size=3,
)
FLAGS = ("ignore_hours", "ignore_capacity", "drop_skills", "only_present")
STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(list(StepKind)),
            "wait": st.integers(0, 60),
            **{flag: st.booleans() for flag in FLAGS},
        }
    ),
    max_size=3,
)
MOMENTS = st.sampled_from([None, world.NOON, LATER])
RULES = st.lists(
    st.tuples(CONDITIONS, STEPS, st.booleans(), MOMENTS, st.integers(0, 2)), min_size=1, max_size=4
)


class TestAnyDraft(TestCase):
    """Hypothesis with a transaction for each example: any shape published, any shape the draft became since."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.rep = world.rep()
        cls.pool, cls.queue = world.pool(cls.rep), world.queue("Triage")
        cls.skills = [world.skill("Spanish"), world.skill("French")]
        cls.rules = world.rule_set()

    @settings(max_examples=60)
    @given(
        before=RULES,
        after=RULES,
        deleted=st.sets(st.integers(0, 3)),
        on_update=st.sampled_from(RuleSet.OnUpdate),
    )
    def test_the_draft_says_what_the_version_says(self, before, after, deleted, on_update) -> None:
        rules = self.rules
        made = [self.make(f"Rule {n}", n, shape) for n, shape in enumerate(before)]
        rules.on_update = on_update
        rules.save()
        version = Version.objects.create(
            rule_set=rules, number=1, document=draft_of(rules), published_at=world.NOON
        )
        version.refresh_from_db()
        rules.on_update = RuleSet.OnUpdate.NEVER
        rules.catch_all = self.queue
        rules.save()
        for n, rule in enumerate(made):
            if n in deleted:
                rule.delete()
            else:  # the names move on by one
                Rule.objects.filter(pk=rule.pk).update(name=f"Other {n}", precedence=9 - n)
        for n, shape in enumerate(after):
            self.make(f"Rule {n}", n, shape)
        load(version)
        rules.refresh_from_db()
        assert draft_of(rules) == version.document
        assert rules.rules.count() == len({*[r.pk for r in made if r.pk], *version_ids(version)}) + len(after)

    def make(self, name: str, place: int, shape: Any) -> Rule:
        conditions, steps, active, until, skills = shape
        rule = Rule.objects.create(
            rule_set=self.rules, name=name, precedence=place, is_active=active, valid_until=until
        )
        for n, (fact, operator, value) in enumerate(conditions):
            Condition.objects.create(rule=rule, position=n, fact=fact, operator=operator, value=value)
        points = {StepKind.POOL: self.pool, StepKind.REP: self.rep, StepKind.QUEUE: self.queue}
        for n, step in enumerate(steps):
            place_of = {step["kind"].value: points[step["kind"]]} if step["kind"] in points else {}
            Target.objects.create(rule=rule, position=n, **step, **place_of)
        for skill in self.skills[:skills]:
            rule.skills.create(skill=skill, level=skills)
        return rule


def version_ids(version: Version) -> set[int]:
    return {rule["id"] for rule in version.document["rules"]}
