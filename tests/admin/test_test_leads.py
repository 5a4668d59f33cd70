"""Test leads: made up or kept from a lead, tried on the draft, and what they do to publishing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.assignments.models import Decision
from leadrouting.assignments.services import route
from leadrouting.rules.models import Expectation, RuleSet, Version
from leadrouting.rules.services import publish
from leadrouting.teams.models import User
from tests import world
from tests.admin.forms import posted, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules() -> RuleSet:
    rules = world.rule_set("Inbound")
    world.rule(rules, world.pool(world.rep(), name="Closers"), name="All", when=[("country", "is", "DE")])
    return rules


def page(rules: RuleSet, name: str = "tests", *args: Any) -> str:
    return reverse(f"admin:rules_ruleset_{name}", args=[rules.pk, *args])


def place(rules: RuleSet) -> str:
    return f"pool:{rules.rules.get().targets.get().pool_id}"


def add(client: Client, rules: RuleSet, path: str = "", **values: Any) -> Any:
    path = path or page(rules, "test_add")
    form = posted(client.get(path), "test-form", **values)
    return client.post(path, form, follow=True)


def test_without_any_the_page_says_what_they_are_for(as_ops: Client, rules: RuleSet) -> None:
    assert "No test leads yet" in as_ops.get(page(rules)).content.decode()


def test_one_is_made_up_and_tried(as_ops: Client, rules: RuleSet) -> None:
    answer = add(as_ops, rules, name="Berlin", country="DE", deal_size="12.50", goes_to=place(rules))
    assert texts(answer) == ["Test lead “Berlin” is kept."]
    test = Expectation.objects.get()
    assert test.given == {"country": "DE", "deal_size": "12.50"}
    shown = answer.content.decode()
    assert "country Germany" in shown
    assert "somebody in Closers" in shown
    assert "It goes where expected." in shown


def test_one_that_goes_elsewhere_says_where_and_why(as_ops: Client, rules: RuleSet) -> None:
    answer = add(as_ops, rules, name="Paris", country="FR", goes_to=place(rules))
    shown = answer.content.decode()
    assert "1 of 1 would go elsewhere." in shown
    assert "Queue “Catch-all" in shown
    assert "no rule matched" in shown
    assert "country" in answer.context["rows"][0]["result"].why[0]


def test_what_cannot_be_is_refused_at_its_field(as_ops: Client, rules: RuleSet) -> None:
    add(as_ops, rules, name="Same", country="DE", goes_to=place(rules))
    answer = add(as_ops, rules, name="Same", country="Atlantis", goes_to="")
    assert answer.context["wanted"].errors.keys() == {"name", "goes_to"}
    answer = add(as_ops, rules, name="Other", country="XX", goes_to=place(rules))
    assert "country" in answer.context["facts"].errors
    assert Expectation.objects.count() == 1


def test_it_is_changed_and_deleted(as_ops: Client, rules: RuleSet) -> None:
    add(as_ops, rules, name="Berlin", country="DE", goes_to=place(rules))
    test = Expectation.objects.get()
    Expectation.objects.update(given={"country": "DE", "account_tier": "gold"})
    path = page(rules, "test", test.pk)
    assert "account tier gold" in as_ops.get(path).content.decode()
    add(
        as_ops,
        rules,
        path,
        name="Munich",
        score="7",
        goes_to=f"queue:{rules.catch_all_id}",
        at="2026-03-04T13:00",
    )
    test.refresh_from_db()
    assert (test.name, test.kind, test.pool_id, test.queue_id) == (
        "Munich",
        "queue",
        None,
        rules.catch_all_id,
    )
    assert test.given == {"country": "DE", "account_tier": "gold", "score": 7}
    assert test.at == world.NOON
    assert as_ops.get(path).content.decode().count("2026-03-04T13:00") == 1
    add(as_ops, rules, path, forget="on")
    test.refresh_from_db()
    assert test.given == {"country": "DE", "score": 7}

    delete = page(rules, "test_delete", test.pk)
    assert as_ops.get(delete).status_code == 302
    assert texts(as_ops.post(delete, follow=True)) == ["The test lead “Munich” is deleted."]
    assert texts(as_ops.post(delete, follow=True)) == ["This test lead was deleted meanwhile."]


def test_a_decision_is_kept_with_what_the_rules_saw(as_ops: Client, rules: RuleSet) -> None:
    publish(rule_set=rules, by=None, now=world.NOON)
    lead = world.lead(country="DE", city="Berlin", email="jane@corp.example", email_domain="corp.example")
    route(lead.pk, now=world.NOON)
    decision = Decision.objects.get()
    link = reverse("admin:assignments_decision_keep", args=[decision.pk])
    assert (
        link in as_ops.get(reverse("admin:assignments_decision_change", args=[decision.pk])).content.decode()
    )
    shown = as_ops.get(link, follow=True)
    form = posted(shown, "test-form")
    assert (form["goes_to"], form["country"], form["at"]) == (place(rules), "DE", "2026-03-04T13:00")
    answer = as_ops.post(shown.redirect_chain[-1][0], form, follow=True)
    test = Expectation.objects.get()
    assert test.name == f"Like {lead}"
    assert test.given["email"] == "somebody@corp.example"
    assert test.given["city"] == "Berlin"
    assert "jane" not in str(test.given)
    assert answer.context["passed"] == 1


def test_a_lead_that_was_tried_is_kept(as_ops: Client, rules: RuleSet) -> None:
    publish(rule_set=rules, by=None, now=world.NOON)
    trying = reverse("admin:assignments_decision_try")
    form = posted(as_ops.get(trying), "try-form", country="DE", tags="vip, partner")
    assert "Keep as a test lead of “Inbound”" in as_ops.post(trying, form).content.decode()
    path = page(rules, "test_add")
    shown = as_ops.post(path, {**form, "keep": "1"})
    assert not Expectation.objects.exists()
    form = posted(shown, "test-form", name="VIP")
    assert (form["goes_to"], form["country"], form["tags"]) == (place(rules), "DE", "vip, partner")
    as_ops.post(path, form)
    assert Expectation.objects.get().given == {"country": "DE", "tags": ["vip", "partner"]}


def test_what_is_known_of_a_stored_lead_is_kept_too(as_ops: Client, rules: RuleSet) -> None:
    publish(rule_set=rules, by=None, now=world.NOON)
    lead = world.lead(country="DE", city="Berlin", industry="Steel")
    trying = f"{reverse('admin:assignments_decision_try')}?lead={lead.pk}"
    form = posted(as_ops.get(trying), "try-form")
    shown = as_ops.post(f"{page(rules, 'test_add')}?lead={lead.pk}", {**form, "keep": "1"})
    as_ops.post(page(rules, "test_add"), posted(shown, "test-form", name="Steel"))
    kept = Expectation.objects.get().given
    assert (kept["city"], kept["industry"], kept["country"]) == ("Berlin", "Steel", "DE")


def test_a_draft_with_problems_is_not_tried(as_ops: Client, rules: RuleSet) -> None:
    add(as_ops, rules, name="Berlin", country="DE", goes_to=place(rules))
    rules.rules.get().targets.all().delete()
    shown = as_ops.get(page(rules)).content.decode()
    assert "The draft cannot be tried yet" in shown
    assert "Berlin" in shown


def publishing(client: Client, rules: RuleSet, **values: str) -> Any:
    path = page(rules, "publish")
    return client.post(path, posted(client.get(path), "publish-form", **values), follow=True)


def test_publishing_waits_for_a_reason(as_ops: Client, rules: RuleSet) -> None:
    add(as_ops, rules, name="Paris", country="FR", goes_to=place(rules))
    shown = as_ops.get(page(rules, "publish")).content.decode()
    assert "1 of 1 test lead would go elsewhere" in shown
    assert "Test lead “Paris” should go to somebody in Closers." in shown
    answer = publishing(as_ops, rules, override="so what")
    assert "say why it does not matter" in answer.content.decode()
    assert not Version.objects.exists()
    publishing(as_ops, rules, override="France starts on Monday")
    assert Version.objects.get().overridden == "France starts on Monday"
    history = as_ops.get(page(rules, "versions")).content.decode()
    assert "Published though test leads failed: France starts on Monday" in history


def test_publishing_tells_that_all_pass(as_ops: Client, rules: RuleSet) -> None:
    add(as_ops, rules, name="Berlin", country="DE", goes_to=place(rules))
    shown = as_ops.get(page(rules, "publish")).content.decode()
    assert "The test lead goes where expected" in " ".join(shown.split())
    assert "because" not in shown
    publishing(as_ops, rules)
    assert Version.objects.get().overridden == ""


@pytest.mark.parametrize("role", [User.Role.REP, User.Role.MANAGER, User.Role.SERVICE])
def test_only_ops(role: str, client_of: Any, rules: RuleSet) -> None:
    test = Expectation.objects.create(
        rule_set=rules, name="One", kind="queue", queue=rules.catch_all, given={}
    )
    client = client_of(world.user(role=role))
    for path in (
        page(rules),
        page(rules, "test_add"),
        page(rules, "test", test.pk),
        page(rules, "test_delete", test.pk),
    ):
        assert client.get(path, follow=True).status_code == 403
        assert client.post(path, follow=True).status_code == 403
    assert Expectation.objects.exists()


def test_a_test_lead_of_another_rule_set_is_not_found(as_ops: Client, rules: RuleSet) -> None:
    other = world.rule_set()
    test = Expectation.objects.create(
        rule_set=other, name="One", kind="queue", queue=other.catch_all, given={}
    )
    assert "was deleted meanwhile" in texts(as_ops.get(page(rules, "test", test.pk), follow=True))[0]
