"""The history of a rule set: what was published, the way back, and a version as the draft again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leadrouting.assignments.services import route
from leadrouting.rules.documents import draft_of
from leadrouting.rules.models import Condition, Rule, RuleSet, Version
from leadrouting.rules.services import publish
from leadrouting.teams.models import User
from tests import world
from tests.admin.forms import texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(ops: User) -> RuleSet:
    rules = world.rule_set("Inbound")
    world.rule(rules, world.pool(world.rep(), name="Closers"), name="All")
    publish(rule_set=rules, by=ops, now=world.NOON, summary="The start")
    world.rule(rules, world.rep("Rita"), name="Spain", when=[("country", "is", "ES")])
    publish(rule_set=rules, by=ops, now=world.NOON, summary="Spain is Rita’s")
    return rules


def versions(rules: RuleSet) -> str:
    return reverse("admin:rules_ruleset_versions", args=[rules.pk])


def back(rules: RuleSet, number: int) -> str:
    return reverse("admin:rules_ruleset_back", args=[rules.pk, number])


def load(rules: RuleSet, number: int) -> str:
    return reverse("admin:rules_ruleset_load", args=[rules.pk, number])


def seen(client: Client, rules: RuleSet, number: int) -> str:
    rows = client.get(versions(rules)).context["rows"]
    return next(row.seen for row in rows if row.version.number == number)


def test_the_history_says_who_when_why_and_how_much(as_ops: Client, rules: RuleSet) -> None:
    route(world.lead(country="ES").pk, now=world.NOON)
    shown = as_ops.get(versions(rules))
    page = shown.content.decode()
    assert [row.version.number for row in shown.context["rows"]] == [2, 1]
    for words in ("Olga Ops", "4 Mar 2026, 13:00", "The start", "Decided 1 lead.", "Decided no lead."):
        assert words in page
    assert "at place 2 of 2" in page
    assert "When country is Spain, give to Rita." in page


def test_nothing_published_says_what_to_do(as_ops: Client) -> None:
    page = as_ops.get(versions(world.rule_set())).content.decode()
    assert "Nothing was published yet" in page


def test_roll_back_takes_one_field_and_one_click(as_ops: Client, ops: User, rules: RuleSet) -> None:
    sent = {"reason": "Rita is ill", "seen": seen(as_ops, rules, 1)}
    answer = as_ops.post(back(rules, 1), sent, follow=True)
    live = Version.objects.get(is_live=True)
    assert (live.number, live.restores.number, live.published_by, live.summary) == (3, 1, ops, "Rita is ill")
    assert texts(answer) == ["Inbound v3 is live and says what v1 said. The draft is as it was."]
    page = answer.content.decode()
    assert "Rolled back to" in page
    assert "1 change against the one before" in page
    assert back(rules, 3) not in page  # it is live
    assert back(rules, 1) not in page  # it says what is live
    assert back(rules, 2) in page


def test_a_second_click_rolls_back_once(as_ops: Client, rules: RuleSet) -> None:
    sent = {"reason": "Rita is ill", "seen": seen(as_ops, rules, 1)}
    as_ops.post(back(rules, 1), sent)
    answer = as_ops.post(back(rules, 1), sent, follow=True)
    assert "Another version went live while you looked at this page." in texts(answer)[-1]
    assert Version.objects.count() == 3


def test_a_reason_is_asked_for(as_ops: Client, rules: RuleSet) -> None:
    answer = as_ops.post(back(rules, 1), {"reason": " ", "seen": seen(as_ops, rules, 1)})
    assert "This field is required." in answer.content.decode()
    assert Version.objects.count() == 2


def test_what_keeps_it_from_going_back_is_told(as_ops: Client, rules: RuleSet) -> None:
    rules.rules.get(name="All").targets.get().pool.memberships.all().delete()
    answer = as_ops.post(back(rules, 1), {"reason": "Rita", "seen": seen(as_ops, rules, 1)}, follow=True)
    assert "which has no members" in texts(answer)[0]
    assert Version.objects.count() == 2


def test_another_rule_set_that_is_live_is_named(as_ops: Client, rules: RuleSet) -> None:
    world.live(world.rep())
    assert "means that this rule set takes over from" in as_ops.get(versions(rules)).content.decode()
    sent = {"reason": "Back to the start", "seen": seen(as_ops, rules, 2)}
    as_ops.post(back(rules, 2), sent)
    assert Version.objects.get(is_live=True).rule_set == rules


def test_loading_says_what_is_overwritten_and_does_it(as_ops: Client, rules: RuleSet) -> None:
    Condition.objects.create(rule=Rule.objects.get(name="All"), fact="country", operator="is", value="FR")
    page = as_ops.get(load(rules, 1))
    shown = page.content.decode()
    assert "When country is France, give to Closers." in shown
    assert "1 rule that v1 does not know is switched off and kept" in shown
    answer = as_ops.post(load(rules, 1), {"seen": page.context["told"].seen}, follow=True)
    assert texts(answer) == ["The draft says what v1 says. Leads notice when you publish."]
    assert draft_of(rules) == Version.objects.get(number=1).document
    assert not Rule.objects.get(name="Spain").is_active
    assert "Nothing to load" in as_ops.get(load(rules, 1)).content.decode()


def test_a_draft_that_changed_is_shown_again(as_ops: Client, rules: RuleSet) -> None:
    told = as_ops.get(load(rules, 1)).context["told"]
    world.rule(rules, world.rep(), name="Somebody else’s")
    answer = as_ops.post(load(rules, 1), {"seen": told.seen})
    assert "Nothing was loaded; here is what it would do now." in texts(answer)[0]
    assert "Somebody else’s" in answer.content.decode()
    assert Rule.objects.get(name="Spain").is_active


@pytest.mark.parametrize("role", [User.Role.REP, User.Role.MANAGER, User.Role.SERVICE])
def test_only_ops(role: str, client_of: Any, rules: RuleSet) -> None:
    client = client_of(world.user(role=role))
    publishing = reverse("admin:rules_ruleset_publish", args=[rules.pk])
    for path in (versions(rules), back(rules, 1), load(rules, 1), publishing):
        assert client.get(path, follow=True).status_code == 403
        assert client.post(path, {"reason": "Because"}, follow=True).status_code == 403
    assert Version.objects.get(is_live=True).number == 2


def test_what_is_not_there_is_not_found(as_ops: Client, rules: RuleSet) -> None:
    for path in (versions(RuleSet(pk=0)), back(rules, 9), load(rules, 9)):
        assert as_ops.get(path).status_code in (302, 404)
        assert as_ops.post(path).status_code in (302, 404)


def test_the_history_costs_the_same_for_two_versions_and_for_twelve(
    as_ops: Client, ops: User, rules: RuleSet, django_assert_max_num_queries: Any
) -> None:
    as_ops.get(versions(rules))
    for n in range(10):
        world.rule(rules, world.rep(), name=f"More {n}")
        publish(rule_set=rules, by=ops, now=world.NOON)
    with django_assert_max_num_queries(16):
        assert len(as_ops.get(versions(rules)).context["rows"]) == 12


def test_publishing_costs_the_same_for_few_and_for_many(
    as_ops: Client, rules: RuleSet, django_assert_max_num_queries: Any
) -> None:
    path = reverse("admin:rules_ruleset_publish", args=[rules.pk])

    def more(number: int) -> None:
        for n in range(number):
            rule = world.rule(rules, rules.catch_all, when=[("country", "is", "FR")], name=f"{number}.{n}")
            rules.expectations.create(
                name=rule.name, given={"country": "FR"}, kind="queue", queue=rules.catch_all
            )

    more(1)
    as_ops.get(path)
    with CaptureQueriesContext(connection) as few:
        as_ops.get(path)
    more(20)
    with django_assert_max_num_queries(len(few)):
        page = as_ops.get(path)
    assert len(page.context["results"]) == 21
    assert len(few) <= 45
