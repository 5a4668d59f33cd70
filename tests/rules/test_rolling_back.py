"""Rolling back, and what keeps an old version from going live again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadrouting.rules.models import Rule, Version
from leadrouting.rules.services import CannotPublish, Outdated, live_version, publish, roll_back, sight
from leadrouting.teams.models import Membership
from tests import world

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(hours=1)


def two_versions() -> tuple[Version, Version]:
    rules = world.rule_set("Inbound")
    world.rule(rules, world.pool(world.rep(), name="Closers"), name="All")
    first = publish(rule_set=rules, by=None, now=world.NOON)
    world.rule(rules, world.rep("Rita"), name="Spain", when=[("country", "is", "ES")])
    return first, publish(rule_set=rules, by=None, now=world.NOON)


def refused(version: Version) -> list[str]:
    with pytest.raises(CannotPublish) as why:
        roll_back(version=version, by=None, now=LATER, reason="Spain is wrong")
    return why.value.problems


def test_rolling_back_is_a_new_version_that_says_the_same():
    first, _second = two_versions()
    Rule.objects.filter(name="All").update(logic="nonsense")  # the draft has no say
    third = roll_back(version=first, by=None, now=LATER, reason="Spain is wrong")
    assert (third.number, third.restores, third.summary, third.published_at) == (
        3,
        first,
        "Spain is wrong",
        LATER,
    )
    assert third.document == first.document
    assert live_version() == third
    assert list(Version.objects.filter(is_live=True)) == [third]


def test_what_is_live_is_not_rolled_back_to():
    first, second = two_versions()
    assert refused(second) == [
        "Inbound v2 says what is live already (Inbound v2). There is nothing to roll back."
    ]
    roll_back(version=first, by=None, now=LATER)
    assert "live already (Inbound v3)" in refused(first)[0]


def test_a_pool_that_lost_its_members_and_a_rep_who_left():
    first, second = two_versions()
    Membership.objects.all().delete()
    problem, mend = refused(first)
    assert problem.startswith("Rule “All” points at the pool “Closers”, which has no members")
    assert mend.startswith("Load Inbound v1 into the draft, mend it there and publish it")

    world.live(world.rep())  # another rule set
    rita = second.document["rules"][1]["ladder"][0]["id"]
    world.Rep.objects.filter(pk=rita).update(is_active=False)
    assert "Rule “Spain” points at Rita, who is not active: choose another target." in refused(second)


def test_what_is_gone_is_named():
    rules = world.rule_set("Inbound")
    catch_all, pool, queue, rep = rules.catch_all, world.pool(world.rep()), world.queue("Old"), world.rep()
    skill = world.skill("Spanish")
    rule = world.rule(rules, pool, rep, queue, name="All")
    rule.skills.create(skill=skill, level=2)
    first = publish(rule_set=rules, by=None, now=world.NOON)
    rule.targets.all().delete()
    rule.skills.all().delete()
    rules.catch_all = world.queue("New")
    rules.save()
    world.live(world.rep())
    Membership.objects.all().delete()
    user = rep.user
    for row in (pool, queue, rep, user, catch_all, skill):
        row.delete()
    assert refused(first)[:-1] == [
        "The catch-all queue no longer exists: choose another one.",
        "Rule “All” points at a pool that no longer exists: choose another target.",
        "Rule “All” points at a rep that no longer exists: choose another target.",
        "Rule “All” points at a queue that no longer exists: choose another target.",
        "Rule “All” asks for a skill that no longer exists: take it out.",
    ]


def test_another_rule_set_takes_over():
    first, _ = two_versions()
    other = world.live(world.rep())
    back = roll_back(version=first, by=None, now=LATER)
    other.refresh_from_db()
    assert not other.is_live
    assert (back.rule_set, back.number) == (first.rule_set, 3)


def test_who_comes_second_is_told():
    first, second = two_versions()
    seen = sight(first.document, second)
    roll_back(version=first, by=None, now=LATER, seen=seen)
    with pytest.raises(Outdated):
        roll_back(version=first, by=None, now=LATER, seen=seen)
    assert Version.objects.count() == 3
