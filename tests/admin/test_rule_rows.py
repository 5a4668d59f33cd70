"""The rules of a draft in their rows: what is done there is saved at once, or refused with who was faster."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.models import User
from tests import world
from tests.admin.forms import posted, texts

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def rules() -> RuleSet:
    rules = world.rule_set("Inbound")
    pool = world.pool(*world.reps(2), name="Closers")
    for name in ("Germany", "France", "Spain"):
        world.rule(rules, pool, name=name, when=[("country", "is", name[:2])])
    return rules


@pytest.fixture
def ingrid(client_of: Any) -> Client:
    return client_of(world.user("Ingrid Sommer", role=User.Role.OPS))


def page(rules: RuleSet) -> str:
    return reverse("admin:rules_ruleset_change", args=[rules.pk])


def acts(rules: RuleSet) -> str:
    return reverse("admin:rules_ruleset_rules", args=[rules.pk])


def key(name: str) -> int:
    return Rule.objects.get(name=name).pk


def order(rules: RuleSet) -> list[str]:
    return list(rules.rules.values_list("name", flat=True))


def test_the_page_reads_as_sentences(as_ops: Client, rules: RuleSet) -> None:
    Rule.objects.filter(name="Spain").update(
        note="Until the office opens", valid_from=world.NOON + timedelta(days=9999)
    )
    Rule.objects.filter(name="France").update(valid_until=world.NOON)
    shown = as_ops.get(page(rules)).content.decode()
    assert "When country is Georgia, give to Closers." in shown
    assert "not yet" in shown and "over" in shown
    assert "Until the office opens" in shown
    assert "Valid until 4 Mar" in shown  # in the viewer's zone, Berlin
    assert "13:00" in shown


def test_an_empty_rule_set_asks_for_its_first_rule(as_ops: Client) -> None:
    assert "Build the first rule" in as_ops.get(page(world.rule_set())).content.decode()


def test_a_new_rule_set_leads_to_its_first_rule(as_ops: Client) -> None:
    path = reverse("admin:rules_ruleset_add")
    form = posted(as_ops.get(path), "ruleset_form", name="Fresh", catch_all=str(world.queue().pk))
    answer = as_ops.post(path, form, follow=True)
    assert texts(answer) == [
        "“Fresh” is made. Build its first rule; nothing routes leads before you publish."
    ]
    assert "Build the first rule" in answer.content.decode()


def test_a_switch_is_saved_at_once_and_can_be_undone(as_ops: Client, rules: RuleSet) -> None:
    told = as_ops.post(acts(rules), {"act": f"off:{key('France')}:1", "edition": "1"}, headers=JSON).json()
    assert told["said"] == "“France” is off in this draft. Leads notice when you publish."
    assert not Rule.objects.get(name="France").is_active
    as_ops.post(acts(rules), {"act": told["undo"], "edition": "1"}, headers=JSON)
    assert Rule.objects.get(name="France").is_active


def test_a_move_is_saved_at_once_and_can_be_undone(as_ops: Client, rules: RuleSet) -> None:
    told = as_ops.post(acts(rules), {"act": f"to:{key('Spain')}:1", "edition": "1"}, headers=JSON).json()
    assert (told["said"], told["order"]) == ("“Spain” moved from place 3 to 1.", 2)
    assert order(rules) == ["Spain", "Germany", "France"]
    as_ops.post(acts(rules), {"act": told["undo"], "edition": "2"}, headers=JSON)
    assert order(rules) == ["Germany", "France", "Spain"]


def test_without_scripts_the_buttons_come_back_to_the_page(as_ops: Client, rules: RuleSet) -> None:
    answer = as_ops.post(acts(rules), {"act": f"to:{key('Spain')}:2", "edition": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{page(rules)}#rule-{key('Spain')}"
    assert texts(answer) == ["“Spain” moved from place 3 to 2."]
    moved = {"act": "place", "from": "1", "to": "3", "edition": "2"}
    as_ops.post(acts(rules), moved)
    assert order(rules) == ["Spain", "France", "Germany"]
    wrong = as_ops.post(acts(rules), {**moved, "from": "9", "edition": "3"}, follow=True)
    assert texts(wrong)[-1:] == ["Write the number of a rule, 1 to 3, and its new place. Nothing was moved."]


def test_a_copy_and_a_review(as_ops: Client, rules: RuleSet) -> None:
    as_ops.post(acts(rules), {"act": f"copy:{key('Germany')}:1", "edition": "1"})
    assert order(rules) == ["Germany", "Germany (copy)", "France", "Spain"]
    as_ops.post(acts(rules), {"act": f"right:{key('Germany')}:1", "edition": "2"})
    assert "Still right, said" in as_ops.get(page(rules)).content.decode()


@pytest.mark.parametrize("verb", ["off", "copy", "right"])
def test_the_second_to_act_on_a_rule_is_told(
    as_ops: Client, ingrid: Client, rules: RuleSet, verb: str
) -> None:
    ingrid.post(acts(rules), {"act": f"off:{key('France')}:1", "edition": "1"}, headers=JSON)
    before = list(Rule.objects.order_by("pk").values())
    late = as_ops.post(acts(rules), {"act": f"{verb}:{key('France')}:1", "edition": "1"}, headers=JSON)
    assert late.status_code == 409
    assert late.json()["said"].startswith("Ingrid Sommer changed “France” at ")
    assert list(Rule.objects.order_by("pk").values()) == before


def test_the_second_to_move_is_told(as_ops: Client, ingrid: Client, rules: RuleSet) -> None:
    ingrid.post(acts(rules), {"act": f"to:{key('Spain')}:1", "edition": "1"}, headers=JSON)
    late = as_ops.post(acts(rules), {"act": f"to:{key('France')}:1", "edition": "1"}, headers=JSON)
    assert late.status_code == 409
    assert late.json()["said"].startswith("Ingrid Sommer changed the order or the settings at ")
    assert order(rules) == ["Spain", "Germany", "France"]


def test_the_second_to_change_the_settings_is_asked(as_ops: Client, ingrid: Client, rules: RuleSet) -> None:
    mine = posted(as_ops.get(page(rules)), "ruleset_form", name="Mine")
    ingrid.post(page(rules), posted(ingrid.get(page(rules)), "ruleset_form", name="Theirs"))
    late = as_ops.post(page(rules), mine)
    assert "Ingrid Sommer changed this rule set" in late.content.decode()
    assert RuleSet.objects.get(pk=rules.pk).name == "Theirs"
    as_ops.post(page(rules), {**mine, "overwrite": "2"})
    assert RuleSet.objects.get(pk=rules.pk).name == "Mine"


@pytest.mark.parametrize("act", ["", "off:x:1", "burn:1:1", "off:99999999:1:2"])
def test_what_no_button_sends_is_not_done(as_ops: Client, rules: RuleSet, act: str) -> None:
    assert as_ops.post(acts(rules), {"act": act, "edition": "1"}).status_code == 404


def test_only_ops_may(client_of: Any, rules: RuleSet) -> None:
    rep = client_of(world.user("Rita"))
    rep.post(acts(rules), {"act": f"off:{key('France')}:1", "edition": "1"})
    assert Rule.objects.get(name="France").is_active


def test_as_many_queries_for_many_rules_as_for_few(
    as_ops: Client, rules: RuleSet, django_assert_max_num_queries: Any
) -> None:
    pool = world.pool()
    for number in range(40):
        world.rule(rules, pool, name=f"Rule {number}", when=[("country", "is", "DE")])
    as_ops.get(page(rules))
    with django_assert_max_num_queries(25):
        as_ops.get(page(rules))
