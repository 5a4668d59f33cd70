"""The form of a rule: what it takes, what it tells while one types, and two people in it at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.leads.models import Attribute
from leadrouting.rules.documents import document_of
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.models import Skill, User
from tests import world
from tests.admin.forms import posted, row, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule() -> Rule:
    rules = world.rule_set("Inbound")
    pool = world.pool(*world.reps(2), name="Closers")
    return world.rule(rules, pool, name="Germany", when=[("country", "is", "DE"), ("score", ">=", "50")])


@pytest.fixture
def ingrid(client_of: Any) -> Client:
    return client_of(world.user("Ingrid Sommer", role=User.Role.OPS))


def page(rule: Rule) -> str:
    return reverse("admin:rules_rule_change", args=[rule.pk])


def form_of(client: Client, rule: Rule, **changes: Any) -> dict[str, Any]:
    return posted(client.get(page(rule)), "rule_form", **changes)


def now_says(rule: Rule) -> list[str]:
    return [str(condition) for condition in Rule.objects.get(pk=rule.pk).conditions.all()]


def test_the_second_to_save_is_told_and_overwrites_nothing(
    as_ops: Client, ingrid: Client, rule: Rule
) -> None:
    mine = form_of(as_ops, rule, **{"conditions-0-value": "AT"})
    ingrid.post(page(rule), form_of(ingrid, rule, **{"conditions-0-value": "CH"}))
    answer = as_ops.post(page(rule), mine)
    shown = answer.content.decode()
    assert "Ingrid Sommer changed this rule at " in shown
    assert "Theirs says: “Germany”: When country is Switzerland and score is at least 50 points" in shown
    assert 'value="AT"' in shown  # mine is still in the form
    assert now_says(rule) == ["country is CH", "score >= 50"]


def test_saving_again_needs_the_explicit_choice(as_ops: Client, ingrid: Client, rule: Rule) -> None:
    mine = form_of(as_ops, rule, **{"conditions-0-value": "AT"})
    ingrid.post(page(rule), form_of(ingrid, rule, **{"conditions-0-value": "CH"}))
    again = posted(as_ops.post(page(rule), mine), "rule_form")
    assert as_ops.post(page(rule), again).status_code == 200
    assert now_says(rule)[0] == "country is CH"
    assert as_ops.post(page(rule), {**again, "overwrite": "2"}).status_code == 302
    assert now_says(rule)[0] == "country is AT"


def test_a_third_change_is_asked_about_again(as_ops: Client, ingrid: Client, rule: Rule) -> None:
    mine = form_of(as_ops, rule, name="Mine")
    ingrid.post(page(rule), form_of(ingrid, rule, name="Theirs"))
    ingrid.post(page(rule), form_of(ingrid, rule, name="Theirs again"))
    assert as_ops.post(page(rule), {**mine, "overwrite": "2"}).status_code == 200
    assert Rule.objects.get(pk=rule.pk).name == "Theirs again"


def test_mine_in_place_of_theirs_takes_their_rows_away(as_ops: Client, ingrid: Client, rule: Rule) -> None:
    mine = form_of(as_ops, rule, **{"conditions-1-value": "70"})
    theirs = form_of(ingrid, rule, **{"conditions-0-DELETE": "on"})
    theirs = row(theirs, "conditions", fact="tier", operator="is", value="vip", position="")
    ingrid.post(page(rule), theirs)
    assert now_says(rule) == ["score >= 50", "tier is vip"]
    again = posted(as_ops.post(page(rule), mine), "rule_form")
    assert as_ops.post(page(rule), {**again, "overwrite": "2"}).status_code == 302
    assert now_says(rule) == ["country is DE", "score >= 70"]


def test_a_switch_in_the_list_counts_as_a_change(as_ops: Client, ingrid: Client, rule: Rule) -> None:
    mine = form_of(as_ops, rule, name="Mine")
    acts = reverse("admin:rules_ruleset_rules", args=[rule.rule_set_id])
    ingrid.post(acts, {"act": f"off:{rule.pk}:1", "edition": "1"})
    assert "Switched off." in as_ops.post(page(rule), mine).content.decode()
    assert not Rule.objects.get(pk=rule.pk).is_active


def test_saving_what_did_not_change_is_no_change(as_ops: Client, rule: Rule) -> None:
    as_ops.post(page(rule), form_of(as_ops, rule))
    assert Rule.objects.get(pk=rule.pk).edition == 1


def test_what_changed_since_is_not_deleted_unseen(as_ops: Client, ingrid: Client, rule: Rule) -> None:
    path = reverse("admin:rules_rule_delete", args=[rule.pk])
    ingrid.post(page(rule), form_of(ingrid, rule, name="Theirs"))
    late = as_ops.post(f"{path}?edition=1", {"post": "yes"}, follow=True)
    assert "Ingrid Sommer changed this rule meanwhile. It is not deleted." in texts(late)[0]
    assert Rule.objects.filter(pk=rule.pk).exists()
    as_ops.post(f"{path}?edition=2", {"post": "yes"})
    assert not Rule.objects.filter(pk=rule.pk).exists()


def test_moments_are_typed_in_the_viewers_zone(as_ops: Client, rule: Rule) -> None:
    as_ops.post(page(rule), form_of(as_ops, rule, valid_from="2026-12-01T09:00"))
    assert Rule.objects.get(pk=rule.pk).valid_from == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert form_of(as_ops, rule)["valid_from"] == "2026-12-01T09:00"
    wrong = as_ops.post(page(rule), form_of(as_ops, rule, valid_until="2026-11-01T09:00"))
    assert "must be later than" in wrong.content.decode()


def test_a_whole_ladder_with_skills(as_ops: Client, rule: Rule) -> None:
    team, queue, skill = world.team("Night"), world.queue("Triage"), Skill.objects.create(name="Hindi")
    form = form_of(as_ops, rule, **{"targets-0-wait": "15", "targets-0-only_present": "on"})
    form = row(form, "targets", goes_to="account_owner:0", position="", ignore_hours="on")
    form = row(form, "targets", goes_to=f"pool:{team.pool.pk}", position="", drop_skills="on", wait="")
    form = row(form, "targets", goes_to=f"queue:{queue.pk}", position="", wait="9", only_present="on")
    form = row(form, "skills", skill=str(skill.pk), level="3")
    assert as_ops.post(page(rule), form).status_code == 302
    said = document_of(Rule.objects.get(pk=rule.pk))
    assert said["skills"] == [[skill.pk, 3]]
    assert [(step["kind"], step.get("wait", 0)) for step in said["ladder"]] == [
        ("pool", 15),
        ("account_owner", 0),
        ("pool", 0),
        ("queue", 0),
    ]
    assert said["ladder"][0]["only_present"] and said["ladder"][2]["drop_skills"]


def test_a_list_keeps_values_with_commas(as_ops: Client, rule: Rule) -> None:
    form = row(
        form_of(as_ops, rule),
        "conditions",
        fact="company",
        operator="is_any_of",
        value='"Acme, Inc.", Globex',
        position="",
    )
    as_ops.post(page(rule), form)
    conditions = document_of(Rule.objects.get(pk=rule.pk))["conditions"]
    assert conditions[-1]["operand"] == ["Acme, Inc.", "Globex"]


def words(client: Client, **rule: Any) -> Any:
    asked = {"conditions": [], "logic": "", "targets": [], "skills": [], **rule}
    return client.post(reverse("admin:rules_rule_words"), asked, content_type="application/json").json()


def test_the_sentence_while_one_types(as_ops: Client) -> None:
    pool = world.pool(name="Senior closers")
    said = words(
        as_ops,
        conditions=[
            {"fact": "country", "operator": "is", "value": "IN"},
            {"fact": "", "operator": "", "value": ""},
        ],
        targets=[{"goes_to": f"pool:{pool.pk}", "wait": "15"}, {"goes_to": ""}],
        valid_from="2026-12-01T09:00",
    )
    assert said["sentence"].startswith(
        "When country is India, give to Senior closers (waiting 15 minutes), valid"
    )
    assert (said["logic"], said["problems"]) == (None, {})


def test_what_is_wrong_while_one_types(as_ops: Client) -> None:
    said = words(as_ops, conditions=[{"fact": "score", "operator": ">=", "value": "much"}], logic="1 AND (1")
    assert said["logic"] == {"message": "This “(” is never closed", "column": 7}
    assert "“much” is not a number" in said["problems"]["0"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"conditions": [1]}', '{"conditions": [{}]}'])
def test_what_is_no_rule_is_refused(as_ops: Client, body: str) -> None:
    answer = as_ops.post(reverse("admin:rules_rule_words"), body, content_type="application/json")
    assert answer.status_code == 400


def values(client: Client, fact: str) -> list[str]:
    return client.get(reverse("admin:rules_rule_values"), {"fact": fact}).json()["values"]


def test_values_that_leads_have_are_suggested(as_ops: Client) -> None:
    Attribute.objects.create(key="band", label="band", type="text")
    world.lead(city="Pune", tags=["hot", "new"], attributes={"band": "A"})
    world.lead(city="Pune", tags=["hot"])
    world.lead(city="Bonn")
    assert values(as_ops, "city") == ["Pune", "Bonn"]
    assert values(as_ops, "tags") == ["hot", "new"]
    assert values(as_ops, "attributes.band") == ["A"]
    assert values(as_ops, "email") == values(as_ops, "owner") == []


def test_only_ops_may_ask(client_of: Any) -> None:
    rep = client_of(world.user("Rita"))
    assert rep.get(reverse("admin:rules_rule_values"), {"fact": "city"}).status_code == 302


def test_as_many_queries_to_show_many_conditions_as_few(
    as_ops: Client, rule: Rule, django_assert_max_num_queries: Any
) -> None:
    for position in range(20):
        rule.conditions.create(fact="tier", operator="is", value="vip", position=position + 5)
    as_ops.get(page(rule))
    with django_assert_max_num_queries(27):
        as_ops.get(page(rule))
    as_ops.post(page(rule), form_of(as_ops, rule))  # numbers them
    form = form_of(as_ops, rule)
    with django_assert_max_num_queries(55):
        as_ops.post(page(rule), form)


def test_an_empty_rule_set_gets_its_first_rule(as_ops: Client) -> None:
    rules: RuleSet = world.rule_set("Fresh")
    path = f"{reverse('admin:rules_rule_add')}?rule_set={rules.pk}"
    form = posted(as_ops.get(path), "rule_form", name="All")
    as_ops.post(path, row(form, "targets", goes_to=f"pool:{world.pool().pk}", position=""))
    made = rules.rules.get()
    assert (made.edition, made.changed_by.name) == (2, "Olga Ops")
