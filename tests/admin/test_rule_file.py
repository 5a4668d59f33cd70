"""The page with the file of a rule set."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from leadrouting.rules.files import exported_yaml
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.models import User
from tests import world


@pytest.fixture
def rules(db: None) -> RuleSet:
    rules = world.rule_set("Inbound <b>", catch_all=world.queue("Triage"))
    world.rule(rules, world.pool(world.rep(), name="Closers"), name="India", when=[("country", "is", "IN")])
    return rules


def page(rules: RuleSet, act: str = "") -> str:
    return reverse(f"admin:rules_ruleset_file{act}", args=[rules.pk])


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_file_is_shown_and_downloaded(
    as_ops: Client, rules: RuleSet, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30):
        shown = text_of(as_ops.get(page(rules)))
    assert "[country, is, IN]" in shown and "rule_set: Inbound &lt;b&gt;" in shown
    answer = as_ops.get(page(rules, "_download"))
    assert answer.content.decode() == exported_yaml(rules)
    assert answer["Content-Disposition"] == 'attachment; filename="inbound-b.yaml"'


def test_an_edited_file_is_previewed_then_put_into_the_draft(as_ops: Client, rules: RuleSet) -> None:
    text = exported_yaml(rules).replace("[country, is, IN]", "[country, is, NP]")
    answer = as_ops.post(page(rules), {"upload": SimpleUploadedFile("a.yaml", text.encode())})
    assert "1 changed, 0 rules unchanged" in text_of(answer) and "When country is Nepal" in text_of(answer)
    rule = rules.rules.get()
    assert rule.edition == 1

    put = {name: answer.context["put"].initial[name] for name in ("text", "seen")}
    done = as_ops.post(page(rules, "_put"), put, follow=True)
    assert "The draft says what the file says" in text_of(done)
    rule.refresh_from_db()
    assert rule.edition == 2 and rule.changed_by.name == "Olga Ops"
    assert rule.conditions.get().value == "NP"
    again = as_ops.post(page(rules), {"text": exported_yaml(rules).replace("\n", "\r\n")})
    assert "The draft says all that already" in text_of(again)


def test_what_is_wrong_is_listed_by_line(as_ops: Client, rules: RuleSet) -> None:
    text = exported_yaml(rules).replace("Closers", "Closer").replace("country", "contry")
    shown = text_of(as_ops.post(page(rules), {"text": text}))
    assert "the file has 2 problems" in shown and "Line 9" in shown and "Did you mean “Closers”?" in shown
    assert "There is no pool" not in text_of(as_ops.get(page(rules)))
    assert "Choose a file or paste its text" in text_of(as_ops.post(page(rules), {}))
    binary = SimpleUploadedFile("a.yaml", b"\xff\xfe")
    assert "This is not UTF-8" in text_of(as_ops.post(page(rules), {"upload": binary}))


def test_a_file_of_another_rule_set_does_not_go_in_here(as_ops: Client, rules: RuleSet) -> None:
    text = exported_yaml(rules).replace("rule_set: Inbound <b>", "rule_set: Other")
    shown = text_of(as_ops.post(page(rules), {"text": text}))
    assert "This file is of the rule set “Other”" in shown
    assert not RuleSet.objects.filter(name="Other").exists()


def test_two_people(as_ops: Client, rules: RuleSet) -> None:
    """What somebody changed since the export is named; what changes between look and click is shown again."""
    text = exported_yaml(rules).replace("[country, is, IN]", "[country, is, NP]")
    Rule.objects.update(note="Do not touch.")
    answer = as_ops.post(page(rules), {"text": text})
    assert "somebody changed or added “India”" in text_of(answer)
    put = {name: answer.context["put"].initial[name] for name in ("text", "seen")}
    assert "Importing would undo that" in text_of(as_ops.post(page(rules, "_put"), put))
    Rule.objects.update(note="Really not.")
    assert "while you looked" in text_of(as_ops.post(page(rules, "_put"), {**put, "force": "on"}))
    assert rules.rules.get().note == "Really not."


def test_others_may_not(client_of: Any, rules: RuleSet) -> None:
    for role in (User.Role.REP, User.Role.MANAGER):
        client = client_of(world.user(role=role))
        for act in ("", "_download", "_put"):
            assert client.get(page(rules, act)).status_code in (302, 403)
