"""Publishing: what keeps a draft from going live, and that it is whole when it does."""

import pytest

from leadrouting.rules.models import Rule, Version
from leadrouting.rules.services import AlreadyLive, CannotPublish, problems_of, publish
from tests import world

pytestmark = pytest.mark.django_db


def problems(rule_set) -> list[str]:
    with pytest.raises(CannotPublish) as refused:
        publish(rule_set=rule_set, by=None, now=world.NOON)
    assert not Version.objects.exists()
    return refused.value.problems


def test_a_rule_set_without_rules():
    assert problems(world.rule_set()) == ["There is no active rule: add one before publishing."]


def test_a_pool_without_members():
    rules = world.rule_set()
    world.rule(rules, world.pool(name="Lonely"), name="VIP")
    assert problems(rules) == [
        "Rule “VIP” points at the pool “Lonely”, which has no members: add some or choose another target."
    ]


def test_a_stray_parenthesis_is_pointed_at():
    rules = world.rule_set()
    world.rule(
        rules, world.rep(), name="R", logic="1 AND 2)", when=[("country", "is", "IN"), ("tier", "is", "vip")]
    )
    assert problems(rules) == ["Rule “R”, filter logic: This “)” closes nothing (column 8)"]


def test_a_misspelt_fact_and_a_value_that_is_none():
    rules = world.rule_set()
    world.rule(
        rules,
        world.rep(),
        name="R",
        when=[("contry", "is", "IN"), ("company_size", ">", "many"), ("tier", "is", "")],
    )
    first, second, third = problems(rules)
    assert "country" in first
    assert "many" in second
    assert "needs a value" in third


def test_a_rule_without_target():
    rules = world.rule_set()
    world.rule(rules, name="R")
    assert problems(rules) == ["Rule “R” has no target: say who gets its leads."]


def test_everything_that_is_wrong_is_told_at_once():
    rules = world.rule_set()
    world.rule(rules, name="A", logic="1")
    world.rule(rules, world.pool(), name="B", when=[("nonsense", "is", "x")])
    assert len(problems(rules)) == 4


def test_the_newest_publication_is_live_and_numbers_go_up():
    rules = world.rule_set()
    world.rule(rules, world.rep())
    first = publish(rule_set=rules, by=None, now=world.NOON)
    world.rule(rules, world.rep(), name="One more")
    second = publish(rule_set=rules, by=None, now=world.NOON)

    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert not first.is_live
    assert second.is_live


def test_what_is_live_already_is_not_published_again():
    rules = world.rule_set()
    world.rule(rules, world.rep())
    first = publish(rule_set=rules, by=None, now=world.NOON)
    world.rule(rules, world.rep(), name="Off", is_active=False)  # a version does not say what is off
    for seen in (None, "what somebody looked at before the first click"):
        with pytest.raises(AlreadyLive, match=f"{first} is live already and says the same"):
            publish(rule_set=rules, by=None, now=world.NOON, seen=seen)
    assert Version.objects.get() == first


def test_another_rule_set_in_between_and_it_may_go_live_again():
    rules, other, rep = world.rule_set(), world.rule_set("Other"), world.rep()
    for one in (rules, other):
        world.rule(one, rep)
    numbers = [publish(rule_set=one, by=None, now=world.NOON).number for one in (rules, other, rules)]
    assert numbers == [1, 1, 2]


def test_an_inactive_rule_stays_out():
    rules = world.rule_set()
    world.rule(rules, world.rep(), name="On")
    world.rule(rules, world.rep(), name="Off", is_active=False)
    version = publish(rule_set=rules, by=None, now=world.NOON)
    assert [rule["name"] for rule in version.document["rules"]] == ["On"]


def test_publishing_costs_the_same_for_one_rule_and_for_fifty(django_assert_max_num_queries):
    rules, rep = world.rule_set(), world.rep()
    for _ in range(50):
        world.rule(rules, rep, when=[("country", "is", "IN")])
    with django_assert_max_num_queries(20):
        publish(rule_set=rules, by=None, now=world.NOON)


def test_precedence_decides_the_order():
    rules, rep = world.rule_set(), world.rep()
    world.rule(rules, rep, name="First")
    world.rule(rules, rep, name="Second")
    Rule.objects.filter(name="Second").update(precedence=0)
    version = publish(rule_set=rules, by=None, now=world.NOON)
    assert [rule["name"] for rule in version.document["rules"]] == ["Second", "First"]
    assert problems_of(version.document) == []
