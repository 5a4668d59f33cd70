"""The check of a draft: what the analysis finds, known mistakes, and trying the lead that shows a finding."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.models import Pool, User
from tests import world

pytestmark = pytest.mark.django_db

TRY = "/admin/assignments/decision/try/"


@pytest.fixture
def closers() -> Pool:
    return world.pool(*world.reps(2), name="Closers")


@pytest.fixture
def rules(closers: Pool) -> RuleSet:
    """Europe takes all that Germany asks for; VIPs overlap with Europe; the rest is a gap."""
    rules = world.rule_set("Inbound")
    others = world.pool(world.rep(), name="Others")
    world.rule(rules, closers, others, name="Europe", when=[("country", "is_any_of", "DE, FR")])
    world.rule(rules, others, closers, name="Germany", when=[("country", "is", "DE")])
    world.rule(
        rules, others, closers, name="VIPs", when=[("tier", "is", "vip"), ("company_size", ">=", "50")]
    )
    return rules


def page(rules: RuleSet, name: str = "check") -> str:
    return reverse(f"admin:assignments_{name}", args=[rules.pk])


def test_what_never_fires_overlaps_and_is_missed(as_ops: Client, rules: RuleSet) -> None:
    context = as_ops.get(page(rules)).context
    (dead,) = context["never"]
    assert dead.sentence.startswith("“Germany” can never fire")
    assert (dead.certainty, dead.is_serious) == ("certain", True)
    assert [rule.name for rule in dead.rules] == ["Germany", "Europe"]
    assert "Country" in {label for _, label, _ in dead.lead}
    (overlap,) = context["overlaps"]
    assert [rule.name for rule in overlap.rules] == ["Europe", "VIPs"]
    assert context["more_overlaps"] == 0
    assert context["gaps"]
    assert all(gap.goes_to == "" for gap in context["gaps"])


def test_known_mistakes_with_those_that_are_fine(as_ops: Client, rules: RuleSet) -> None:
    shown = html.unescape(as_ops.get(page(rules)).content.decode())
    assert "No SLA policy is active" in shown
    assert "✓</span>Several rules tell leads apart." in re.sub(r">\s+", ">", shown)


def test_the_lead_of_a_finding_is_tried_with_the_draft(as_ops: Client, rules: RuleSet) -> None:
    """Nothing is live: the draft itself answers, as the analysis said."""
    overlap = as_ops.get(page(rules)).context["overlaps"][0]
    answer = as_ops.post(TRY, {"facts": overlap.facts, "rules": rules.pk})
    assert answer.context["rehearsal"].rule_name == overlap.goes_to == "Europe"
    assert answer.context["form"]["tier"].value() == "vip"
    shown = html.unescape(answer.content.decode())
    assert "The draft of" in shown


def test_facts_without_a_field_count_and_are_shown(as_ops: Client, rules: RuleSet, closers: Pool) -> None:
    first = world.rule(
        rules, closers, closers, name="Tagged", when=[("utm_term", "is", "crm"), ("is_repeat", "is", "yes")]
    )
    Rule.objects.filter(pk=first.pk).update(precedence=0)
    facts = '{"utm_term": "crm", "is_repeat": true, "campaign": "none-such", "tags": ["a", "b"]}'
    answer = as_ops.post(TRY, {"facts": facts, "rules": rules.pk})
    assert answer.context["rehearsal"].rule_name == "Tagged"
    form = answer.context["form"]
    assert (form["is_repeat"].value(), form["tags"].value()) == ("yes", "a, b")
    assert "utm term crm" in answer.content.decode()
    again = as_ops.post(TRY, {"more": form["more"].value(), "is_repeat": "yes", "rules": rules.pk})
    assert again.context["rehearsal"].rule_name == "Tagged"


@pytest.mark.parametrize(
    "sent", [{"facts": "["}, {"facts": "[1]"}, {"more": "[1]"}, {"more": "{"}, {"rules": "x"}]
)
def test_nonsense_is_no_error(sent: dict[str, str], as_ops: Client, rules: RuleSet) -> None:
    assert as_ops.post(TRY, sent).status_code == 200


def test_problems_are_said_first(as_ops: Client, rules: RuleSet) -> None:
    Rule.objects.filter(name="VIPs").update(logic="1 AND 7")
    shown = as_ops.get(page(rules)).content.decode()
    assert "This draft cannot go live yet" in shown
    assert "“Germany” can never fire" in html.unescape(shown)
    assert "Known mistakes" not in shown
    assert "filter logic" in as_ops.get(page(rules, "check_in_short")).content.decode()


def test_an_empty_draft(as_ops: Client, db: None) -> None:
    shown = as_ops.get(page(world.rule_set("Empty"))).content.decode()
    assert "There is no active rule" in shown
    assert "Rules that never fire" not in shown


def test_in_short(as_ops: Client, rules: RuleSet) -> None:
    shown = html.unescape(as_ops.get(page(rules, "check_in_short")).content.decode())
    assert shown.count("Likely a mistake:") == 2  # Germany, and no deadlines
    assert "“Germany” can never fire" in shown


def test_leads_of_the_past_say_what_matters(as_ops: Client, rules: RuleSet) -> None:
    """One met both Europe and the VIPs, one nobody."""
    world.lead(country="FR", tier="vip", company_size=80)
    world.lead(country="US")
    answer = as_ops.get(page(rules))
    (overlap,) = answer.context["overlaps"]
    assert (overlap.leads, overlap.goes_to) == (1, "Europe")
    assert '"company_size": 80' in overlap.facts
    shown = html.unescape(re.sub(r"\s+", " ", answer.content.decode()))
    assert "1 of the last 2 leads shows this." in shown
    assert "Of the last 2 leads no rule takes 1: they go to the catch-all." in shown
    short = html.unescape(as_ops.get(page(rules, "check_in_short")).content.decode())
    assert "Of the last 2 leads no rule takes 1." in short


def test_overlaps_that_no_lead_met_are_folded(as_ops: Client, rules: RuleSet) -> None:
    world.lead(country="FR")
    answer = as_ops.get(page(rules))
    assert answer.context["overlaps"] == [] and len(answer.context["other_overlaps"]) == 1
    shown = html.unescape(re.sub(r"\s+", " ", answer.content.decode()))
    assert "None of the last 1 lead is claimed by two rules" in shown
    assert "Facts are taken as independent of each other" in shown
    assert "claimed" not in as_ops.get(page(rules, "check_in_short")).content.decode()


def test_costs_the_same_for_many(
    as_ops: Client, rules: RuleSet, closers: Pool, django_assert_max_num_queries: Any
) -> None:
    as_ops.get(page(rules))
    for number in range(10):
        world.rule(rules, closers, closers, name=f"City {number}", when=[("city", "is", str(number))])
    as_ops.get(page(rules))
    with django_assert_max_num_queries(25):
        as_ops.get(page(rules))


@pytest.mark.parametrize("role", [User.Role.REP, User.Role.MANAGER, User.Role.SERVICE])
@pytest.mark.parametrize("name", ["check", "check_in_short"])
def test_it_is_for_sales_ops(name: str, role: str, client_of: Any, rules: RuleSet) -> None:
    client = client_of(world.user(role=role))
    assert client.get(page(rules, name), follow=True).status_code == 403
