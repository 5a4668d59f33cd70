"""Test leads: what is expected of a draft, before it goes live."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leadrouting.assignments.models import Decision, Load, Rotation
from leadrouting.assignments.services import route
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Campaign, Lead
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import draft_of
from leadrouting.rules.expectations import given_in_words, results
from leadrouting.rules.models import Expectation, RuleSet, Target, Version
from leadrouting.rules.services import FailedTests, publish, roll_back
from leadrouting.teams.models import OfficeHours, Pool, Queue, Rep
from tests import world

pytestmark = pytest.mark.django_db
KINDS = {Pool: StepKind.POOL, Rep: StepKind.REP, Queue: StepKind.QUEUE}


def expect(rules: RuleSet, target: Any, name: str = "", at: Any = None, **given: Any) -> Expectation:
    kind = KINDS[type(target)]
    name = name or f"Lead {rules.expectations.count() + 1}"
    values = {"name": name, "given": given, "at": at, "kind": kind, kind.value: target}
    return Expectation.objects.create(rule_set=rules, **values)


def tried(rules: RuleSet, **values: Any) -> dict[str, bool]:
    found = results(rules, draft_of(rules), **{"now": world.NOON, **values})
    return {str(result.expectation): result.passed for result in found}


def inbound() -> tuple[RuleSet, Pool, Rep]:
    rules, rita = world.rule_set("Inbound"), world.rep("Rita")
    pool = world.pool(*world.reps(2), rita, name="Closers")
    world.rule(rules, pool, name="Germany", when=[("country", "is", "DE")])
    world.rule(rules, rita, name="Spain", when=[("country", "is", "ES"), ("score", ">=", "50")])
    return rules, pool, rita


def test_a_pool_a_rep_and_a_queue():
    rules, pool, rita = inbound()
    expect(rules, pool, "Any of them", country="DE")
    expect(rules, pool, "Not by the pool", country="ES", score=60)
    expect(rules, rita, "Exactly her", country="ES", score=60)
    expect(rules, rules.catch_all, "Nobody", country="ES", score=10)
    expect(rules, rules.catch_all, "Somebody", country="DE")
    assert tried(rules) == {
        "Any of them": True,
        "Not by the pool": False,
        "Exactly her": True,
        "Nobody": True,
        "Somebody": False,
    }


def test_why_is_told():
    rules, pool, _ = inbound()
    expect(rules, pool, "Spain to the pool", country="ES", score=60)
    (result,) = results(rules, draft_of(rules), now=world.NOON)
    assert result.said == (
        "Test lead “Spain to the pool” should go to somebody in Closers. "
        "It would go to: Rita, by rule “Spain”: named by the rule."
    )
    assert any("Germany" in line for line in result.why)


def test_the_moment_counts_where_there_is_one():
    hours = OfficeHours.objects.create(name="Days", time_zone="UTC")
    for day in range(5):
        hours.windows.create(weekday=day, opens="08:00", closes="18:00")
    rules = world.rule_set()
    rita = world.rep("Rita", team=world.team(office_hours=hours))
    world.rule(rules, rita, name="All")
    expect(rules, rita, "By day", at=world.NOON)
    expect(rules, rules.catch_all, "By night", at=world.NOON + timedelta(hours=10))
    expect(rules, rita, "Whenever")
    assert tried(rules) == {"By day": True, "By night": True, "Whenever": True}
    assert not tried(rules, now=world.NOON + timedelta(hours=10))["Whenever"]


def test_each_is_tried_as_if_it_were_the_only_one():
    """Two leads for one place that is left: both would get it."""
    rules, rita = world.rule_set(), world.rep("Rita", max_open=1)
    world.rule(rules, rita)
    for _ in range(2):
        expect(rules, rita)
    assert all(tried(rules).values())


def test_nothing_is_written_and_no_turn_used():
    rules, pool, _ = inbound()
    publish(rule_set=rules, by=None, now=world.NOON)
    route(world.lead(country="DE").pk, now=world.NOON)
    expect(rules, pool, country="DE", email="a@example.com")

    def rows() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Rotation, Load, Decision, Lead)]

    before = rows()
    assert before[0]
    assert all(tried(rules).values())
    assert rows() == before


def test_what_cannot_be_tried_has_failed_and_says_why():
    rules, pool, _ = inbound()
    expect(rules, pool, "Odd", country="DE", company_segment="large")
    expect(rules, pool, "Fine", country="DE")
    first, second = results(rules, draft_of(rules), now=world.NOON)
    assert (first.passed, second.passed) == (False, True)
    assert "company_segment" in first.problem


def test_what_is_known_of_the_company_and_of_earlier_leads_counts():
    rules, rita = world.rule_set(), world.rep("Rita")
    world.rule(rules, rita, name="Gold", when=[("account_tier", "is", "gold"), ("is_repeat", "is", "yes")])
    world.account("Acme", "acme.example", tier="gold")
    world.lead(email="old@acme.example")
    expect(rules, rita, "Again", email="OLD@acme.example")
    expect(rules, rules.catch_all, "New", email="new@acme.example")
    expect(rules, rules.catch_all, "Elsewhere", email="old@other.example")
    assert all(tried(rules).values())


def test_a_failing_test_lead_blocks_publishing():
    rules, pool, rita = inbound()
    expect(rules, pool, "Good", country="DE")
    expect(rules, rita, "Bad", country="DE", score=1)
    expect(rules, rules.catch_all, "Bad too", country="DE")
    with pytest.raises(FailedTests) as failed:
        publish(rule_set=rules, by=None, now=world.NOON)
    assert [result.passed for result in failed.value.results] == [True, False, False]
    assert len(failed.value.problems) == 2
    assert not Version.objects.exists()


@pytest.mark.parametrize("reason", ["", "because", "  short    "])
def test_a_reason_has_ten_letters(reason: str):
    rules, pool, _ = inbound()
    expect(rules, pool, country="FR")
    with pytest.raises(FailedTests):
        publish(rule_set=rules, by=None, now=world.NOON, override=reason)


def test_a_reason_overrides_and_is_kept():
    rules, pool, _ = inbound()
    expect(rules, pool, country="FR")
    version = publish(rule_set=rules, by=None, now=world.NOON, override=" France comes on Monday. ")
    assert version.overridden == "France comes on Monday."


def test_a_reason_that_was_not_needed_is_not_kept():
    rules, pool, _ = inbound()
    expect(rules, pool, country="DE")
    version = publish(rule_set=rules, by=None, now=world.NOON, override="Never mind the tests")
    assert version.overridden == ""


def test_rolling_back_does_not_wait_for_tests():
    rules, pool, _ = inbound()
    first = publish(rule_set=rules, by=None, now=world.NOON)
    rules.rules.filter(name="Spain").delete()
    publish(rule_set=rules, by=None, now=world.NOON)
    expect(rules, pool, country="FR")
    assert roll_back(version=first, by=None, now=world.NOON).number == 3


def test_trying_costs_the_same_for_two_and_for_forty(django_assert_max_num_queries):
    rules, pool, _ = inbound()
    Campaign.objects.create(key="spring", name="Spring")
    expect(rules, pool, country="DE", is_repeat=True, email="a@acme.example", campaign="spring")
    draft = draft_of(rules)
    results(rules, draft, now=world.NOON)
    with django_assert_max_num_queries(14):
        results(rules, draft, now=world.NOON)
    for n in range(40):
        expect(
            rules,
            pool,
            country="DE",
            score=n,
            at=world.NOON + timedelta(hours=n),
            is_repeat=True,
            email=f"a{n}@acme{n}.example",
            campaign="spring",
        )
    with django_assert_max_num_queries(14):
        assert len(results(rules, draft, now=world.NOON)) == 41


def test_only_the_rules_next_to_the_one_that_matched_are_named():
    rules, rita = world.rule_set(), world.rep("Rita")
    for n in range(20):
        world.rule(rules, rita, when=[("country", "is", "FR")], name=f"Rule {n}")
    world.rule(rules, rita, name="All")
    expect(rules, rita)
    (result,) = results(rules, draft_of(rules), now=world.NOON)
    assert result.why[0] == "15 rules above did not match."
    assert result.why[6].startswith("“All” matched")


def test_owners_are_given_and_waits_are_over():
    rules, rita = world.rule_set(), world.rep("Rita")
    pool = world.pool(world.rep())
    rule = world.rule(rules, name="Theirs first")
    Target.objects.create(rule=rule, position=1, kind=StepKind.ACCOUNT_OWNER, wait=60)
    Target.objects.create(rule=rule, position=2, kind=StepKind.POOL, pool=pool)
    expect(rules, rita, "Known", account_owner=rita.pk)
    expect(rules, pool, "Not known")
    assert all(tried(rules).values())
    Rep.objects.filter(pk=rita.pk).update(presence=Rep.Presence.AWAY)
    assert not tried(rules)["Known"]
    (known, _) = results(rules, draft_of(rules), now=world.NOON)
    assert "its account owner Rita could not take it within 60 minutes" in known.went
    assert given_in_words({"account_owner": rita.pk}, catalogue(), {rita.pk: "Rita"}) == "account owner Rita"
