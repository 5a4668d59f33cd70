"""What a rule set would do with leads of the past: coverage, comparison, matches as one types."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.rules.models import Condition, Rule, RuleSet
from leadrouting.rules.services import publish
from leadrouting.teams.models import Pool, Skill, User
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def closers() -> Pool:
    return world.pool(*world.reps(2), name="Closers")


@pytest.fixture
def rules(closers: Pool) -> RuleSet:
    """Germany to Closers, VIPs of France to Triage, nothing else."""
    rules = world.rule_set("Inbound", catch_all=world.queue("Leftovers"))
    world.rule(rules, closers, name="Germany", when=[("country", "is", "DE")])
    vip = [("country", "is", "FR"), ("tier", "is", "vip")]
    world.rule(rules, world.queue("Triage"), name="French VIPs", when=vip)
    return rules


def go_live(rules: RuleSet) -> None:
    publish(rule_set=rules, by=None, now=world.NOON)


def leads(*what: dict[str, Any]) -> list[Lead]:
    return [world.lead(**values) for values in what]


GERMAN, FRENCH, VIP = (
    {"country": "DE", "source": "google"},
    {"country": "FR", "source": "google"},
    {"country": "FR", "source": "fair", "tier": "vip"},
)


def page(name: str, rules: RuleSet, query: str = "") -> str:
    return reverse(f"admin:assignments_{name}", args=[rules.pk]) + query


def asked(client: Client, **data: Any) -> Any:
    path = reverse("admin:assignments_preview_matches")
    return client.post(path, json.dumps(data), content_type="application/json")


def condition(fact: str, operator: str, value: str = "") -> dict[str, str]:
    return {"fact": fact, "operator": operator, "value": value}


def test_coverage_by_hand(as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    Condition.objects.filter(rule__name="French VIPs", fact="tier").delete()  # the draft takes all of France
    leads(GERMAN, GERMAN, FRENCH, VIP, {"country": "JP", "source": "fair"})
    context = as_ops.get(page("coverage", rules)).context
    assert (context["all"].draft.placed, context["all"].draft.leads) == (4, 5)
    assert context["all"].draft.is_enough  # 80 % is enough
    assert (context["all"].live.placed, context["all"].live.is_enough) == (3, False)
    (label, rows), _ = context["groups"]
    assert label == "Source"
    assert [(row.name, row.draft.placed, row.live.placed, row.draft.leads) for row in rows] == [
        ("google", 3, 2, 3),
        ("fair", 1, 1, 2),
    ]
    assert [(row.name, row.draft, row.live) for row in context["rules"]] == [
        ("Germany", 2, 2),
        ("French VIPs", 2, 1),
    ]
    ((words, count, samples),) = context["missed"]
    assert (words, count, len(samples)) == ("source fair, country Japan, channel API", 1, 1)


def test_a_step_into_the_catch_all_places_nothing(as_ops: Client, rules: RuleSet) -> None:
    world.rule(rules, rules.catch_all, name="All others")
    leads(GERMAN, FRENCH)
    context = as_ops.get(page("coverage", rules)).context
    assert context["all"].draft.placed == 1
    assert context["dead_ends"] == 1


def test_an_owner_whom_nobody_knows_is_passed_over(as_ops: Client, closers: Pool) -> None:
    rules = world.rule_set()
    owners = world.rule(rules, name="Owners")
    owners.targets.create(position=0, kind="account_owner")
    account = world.rep().accounts.create(name="Acme")
    leads({"account": account}, {})
    context = as_ops.get(page("coverage", rules)).context
    assert (context["all"].draft.placed, context["dead_ends"]) == (1, 1)


def test_facts_are_those_of_the_newest_decision(as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    (lead,) = leads(GERMAN)
    route(lead.pk, now=world.NOON)
    Lead.objects.update(country="JP")
    assert as_ops.get(page("coverage", rules)).context["all"].draft.placed == 1


def test_coverage_costs_the_same_for_many(
    as_ops: Client, rules: RuleSet, closers: Pool, django_assert_max_num_queries: Any
) -> None:
    go_live(rules)
    leads(GERMAN, VIP)
    as_ops.get(page("coverage", rules))
    for number in range(20):
        world.rule(rules, closers, name=f"More {number}", when=[("city", "is", str(number))])
    for lead in leads(*[GERMAN, FRENCH, VIP] * 10):
        route(lead.pk, now=world.NOON)
    with django_assert_max_num_queries(17):
        as_ops.get(page("coverage", rules))


@pytest.mark.parametrize("name", ["coverage", "compare"])
def test_without_leads_the_pages_say_so(name: str, as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    assert "No leads yet" in as_ops.get(page(name, rules)).content.decode()


@pytest.mark.parametrize("name", ["coverage", "compare"])
def test_a_draft_that_cannot_be_read_says_what_is_wrong(name: str, as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    leads(GERMAN)
    Rule.objects.filter(name="Germany").update(logic="1 AND 7")
    shown = as_ops.get(page(name, rules)).content.decode()
    assert "Rule “Germany”, filter logic:" in shown
    assert "Back to the rules" in shown


def test_without_a_live_version(as_ops: Client, rules: RuleSet) -> None:
    leads(GERMAN)
    assert "No version is live yet" in as_ops.get(page("coverage", rules)).content.decode()
    assert "Nothing to compare with yet" in as_ops.get(page("compare", rules)).content.decode()


def test_the_difference_by_hand(as_ops: Client, rules: RuleSet, closers: Pool) -> None:
    go_live(rules)
    german, french, vip = leads(GERMAN, FRENCH, VIP)
    Condition.objects.filter(rule__name="French VIPs", fact="tier").delete()
    world.rule(rules, closers, name="First", when=[("country", "is", "DE")])
    Rule.objects.filter(name="First").update(precedence=0)
    context = as_ops.get(page("compare", rules)).context
    found = context["diff"]
    assert (found.leads, len(found.moved), found.other_way, found.other_rule, found.same) == (
        3,
        1,
        0,
        1,
        1,
    )
    (line,) = context["lines"]
    assert (line.lead.lead, line.before, line.after) == (french.pk, "catch-all (queue “Leftovers”)", "Triage")
    assert (line.rule_before, line.rule_after, line.source) == ("", "French VIPs", "google")
    assert context["flows"] == [("catch-all (queue “Leftovers”)", "Triage", 1)]
    assert {german.pk, vip.pk}.isdisjoint(one.lead.lead for one in found.moved)


def test_other_steps_after_the_same_place_are_told_apart(as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    leads(GERMAN)
    Rule.objects.get(name="Germany").targets.create(position=1, kind="queue", queue=world.intake())
    found = as_ops.get(page("compare", rules)).context["diff"]
    assert (len(found.moved), found.other_way, found.same) == (0, 1, 0)


def test_other_skills_are_told_apart(as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    leads(GERMAN)
    Rule.objects.get(name="Germany").skills.create(skill=Skill.objects.create(name="German"), level=2)
    found = as_ops.get(page("compare", rules)).context["diff"]
    assert (len(found.moved), found.other_way, found.same) == (0, 1, 0)


def test_when_nothing_differs_the_page_says_so(as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    leads(GERMAN, VIP)
    shown = as_ops.get(page("compare", rules)).content.decode()
    assert "No lead would go elsewhere" in shown
    assert '<svg class="lr-flow' not in shown


def test_any_two_versions_are_compared(as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    first = rules.versions.get()
    Rule.objects.filter(name="Germany").update(is_active=False)
    go_live(rules)
    second = rules.versions.get(number=2)
    leads(GERMAN)
    context = as_ops.get(page("compare", rules, f"?before={second.pk}&after={first.pk}&last=100")).context
    assert (context["lines"][0].after, context["size"]) == ("Closers", 100)
    nonsense = as_ops.get(page("compare", rules, "?before=999999&after=x&last=7"))
    assert (nonsense.status_code, nonsense.context["size"]) == (200, 1000)


def test_the_file_holds_all_and_nothing_that_calculates(as_ops: Client, rules: RuleSet) -> None:
    go_live(rules)
    leads({**FRENCH, "name": "=1+1"}, GERMAN)
    Condition.objects.filter(fact="tier").delete()
    answer = as_ops.get(page("compare_file", rules))
    header, row = csv.reader(answer.content.decode().splitlines())
    assert header[:2] == ["Lead", "Name"]
    assert row[1] == "'=1+1"
    assert row[5:] == ["Triage", "", "French VIPs"]
    assert "attachment" in answer["Content-Disposition"]


def test_owners_differ_by_destination_and_by_turn(as_ops: Client, closers: Pool) -> None:
    """Three leads to two reps in turn; the draft sends the first one elsewhere, so that the others' turns change."""
    rules = world.rule_set()
    world.rule(rules, closers, name="All")
    go_live(rules)
    first = world.rule(rules, world.rep("Rita"), name="France", when=[("country", "is", "FR")])
    Rule.objects.filter(pk=first.pk).update(precedence=0)
    french, *_ = leads(FRENCH, GERMAN, GERMAN)
    Lead.objects.filter(pk=french.pk).update(created_at=world.NOON)
    found = as_ops.get(page("compare_owners", rules)).context["turns"]
    assert (found.leads, found.elsewhere, found.other_turn, found.changed) == (3, 1, 2, 3)


def test_matches_are_counted_while_one_types(as_ops: Client, rules: RuleSet) -> None:
    german, *_ = leads(GERMAN, FRENCH, VIP)
    answer = asked(as_ops, conditions=[condition("country", "is_any_of", "DE, FR")], logic="", rule=None)
    shown = answer.json()
    assert {**shown, "examples": len(shown["examples"])} == {
        "matched": 3, "of": 3, "first": None, "examples": 3, "error": "",
    }  # fmt: skip
    assert shown["examples"][-1] == {"name": german.name, "url": f"/admin/leads/lead/{german.pk}/change/"}


def test_matches_know_what_the_rules_above_take(as_ops: Client, rules: RuleSet) -> None:
    leads(GERMAN, FRENCH, VIP)
    rule = Rule.objects.get(name="French VIPs")
    everything = asked(as_ops, conditions=[], logic="", rule=rule.pk).json()
    assert (everything["matched"], everything["first"]) == (3, 2)
    new = asked(as_ops, conditions=[], rule=None, rule_set=rules.pk).json()
    assert (new["matched"], new["first"]) == (3, 1)
    Rule.objects.filter(name="Germany").update(is_active=False)
    assert asked(as_ops, conditions=[], rule=rule.pk).json()["first"] == 3


def test_what_is_wrong_with_a_rule_is_said(as_ops: Client, rules: RuleSet) -> None:
    leads(GERMAN)
    wrong = asked(as_ops, conditions=[condition("contry", "is", "DE")]).json()
    assert "Condition 1: There is no fact “contry”" in wrong["error"]
    logic = asked(as_ops, conditions=[condition("country", "is", "DE")], logic="1 AND").json()
    assert logic["error"]
    assert logic["matched"] == 0


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"conditions": [1]}', '{"conditions": [], "rule": "x"}'])
def test_unreadable_questions_are_refused(body: str, as_ops: Client, db: None) -> None:
    answer = as_ops.post(reverse("admin:assignments_preview_matches"), body, content_type="application/json")
    assert answer.status_code == 400
    assert "Send JSON" in answer.json()["error"]
    assert as_ops.get(reverse("admin:assignments_preview_matches")).status_code == 405


def test_matches_cost_the_same_for_many(
    as_ops: Client, rules: RuleSet, django_assert_max_num_queries: Any
) -> None:
    rule = Rule.objects.get(name="French VIPs")
    leads(GERMAN)
    asked(as_ops, conditions=[condition("country", "is", "DE")], rule=rule.pk)
    leads(*[GERMAN, FRENCH, VIP] * 10)
    with django_assert_max_num_queries(13):
        asked(as_ops, conditions=[condition("country", "is", "DE")], rule=rule.pk)


@pytest.mark.parametrize("role", [User.Role.REP, User.Role.MANAGER, User.Role.SERVICE])
@pytest.mark.parametrize("name", ["coverage", "compare", "compare_owners", "compare_file"])
def test_they_are_for_sales_ops(name: str, role: str, client_of: Any, rules: RuleSet) -> None:
    client = client_of(world.user(role=role))
    assert client.get(page(name, rules), follow=True).status_code == 403
    assert asked(client, conditions=[]).status_code in (302, 403)


def test_a_rule_set_that_is_not_there(as_ops: Client, db: None) -> None:
    assert as_ops.get(reverse("admin:assignments_coverage", args=[999])).status_code == 404
