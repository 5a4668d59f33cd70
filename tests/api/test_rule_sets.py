"""Rule sets over the API: the same documents as the files, in JSON and YAML."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from leadrouting.rules.files import exported, exported_yaml
from leadrouting.rules.models import Rule, RuleSet, Version
from tests import world
from tests.api.conftest import EVERYBODY, client_of

pytestmark = pytest.mark.django_db

PATH = "/api/v1/rule-sets/"


@pytest.fixture
def rules(cast: Any) -> RuleSet:
    return RuleSet.objects.get()


def at(rules: RuleSet, act: str = "") -> str:
    return f"{PATH}{rules.pk}/{act}{'/' if act else ''}"


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_ops_may_read_and_write_rules(cast: Any, rules: RuleSet, who: str) -> None:
    client = cast.client(who)
    world.rule(rules, cast.bob, name="More")
    answers = [
        client.get(PATH),
        client.get(at(rules)),
        client.get(at(rules, "export")),
        client.get(at(rules, "versions")),
        client.post(f"{PATH}?dry_run=true", exported(rules)),
        client.post(at(rules, "publish"), {}),
        client.post(at(rules, "rollback"), {"version": 1, "reason": "x"}),
    ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == ([200, 200, 200, 200, 200, 201, 201] if who == "ops" else [403] * 7)


def test_rule_sets_are_listed(cast: Any, rules: RuleSet, django_assert_max_num_queries: Any) -> None:
    client = cast.client("ops")
    world.rule_set("Another")
    with django_assert_max_num_queries(3):
        found = client.get(PATH).json()["results"]
    assert [(one["name"], one["rules"], one["live"]) for one in found] == [
        (rules.name, 1, 1),
        ("Another", 0, None),
    ]


def test_export_and_import_again(cast: Any, rules: RuleSet) -> None:
    client = cast.client("ops")
    as_json, as_yaml = (
        client.get(at(rules, "export"), headers={"Accept": kind})
        for kind in ("application/json", "application/yaml")
    )
    assert as_json.json() == exported(rules)
    assert (
        as_yaml.content.decode()
        == exported_yaml(rules)
        == client.get(at(rules, "export") + "?format=yaml").content.decode()
    )
    assert yaml.safe_load(as_yaml.content) == as_json.json()

    for body, kind in ((as_json.content, "application/json"), (as_yaml.content, "application/yaml")):
        answer = client.post(PATH, body, content_type=kind)
        assert answer.status_code == 200, answer.content
        assert answer.json()["changes"] == [] and answer.json()["unchanged"] == 1


def test_an_import_changes_the_draft_and_says_what(cast: Any, rules: RuleSet) -> None:
    client, document, rule = cast.client("ops"), exported(rules), rules.rules.get()
    document["rules"][0]["when"] = [["country", "is", "IN"]]
    document["rules"].append({"name": "Rest", "give": [{"rep": cast.bob.user.username}]})

    dry = client.post(f"{PATH}?dry_run=true", document).json()
    assert [(one["what"], one["name"]) for one in dry["changes"]] == [("changed", rule.name), ("new", "Rest")]
    assert dry["dry_run"] and rules.rules.count() == 1

    done = client.post(PATH, document)
    assert done.status_code == 200 and done.json()["rule_set"] == {"id": rules.pk, "name": rules.name}
    rule.refresh_from_db()
    assert (rule.edition, rule.changed_by) == (2, cast.users.ops) and rules.rules.count() == 2
    assert Version.objects.count() == 1


def test_a_new_rule_set(cast: Any, rules: RuleSet) -> None:
    document = {**exported(rules), "rule_set": "Brand new"}
    answer = cast.client("ops").post(PATH, document)
    assert answer.status_code == 201 and answer.json()["created"]
    assert RuleSet.objects.filter(name="Brand new").exists()
    dry = cast.client("ops").post(f"{PATH}?dry_run=true", {**document, "rule_set": "Newer"})
    assert dry.status_code == 200 and dry.json()["rule_set"] is None


def test_every_error_has_its_place(cast: Any, rules: RuleSet) -> None:
    client, document = cast.client("ops"), exported(rules)
    document["rules"][0]["give"] = [{"pool": "Closer"}]
    document["rules"][0]["when"] = [["contry", "is", "IN"]]
    answer = client.post(PATH, document)
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert pointers == {"/rules/0/give/0/pool", "/rules/0/when/0/0"}

    text = exported_yaml(rules).replace("Closers", "Closer")
    (error, *_) = client.post(PATH, text, content_type="application/yaml").json()["errors"]
    assert text.splitlines()[error["line"] - 1][error["column"] - 1 :].startswith("Closer")
    assert "Did you mean “Closers”" in error["reason"]
    assert rules.rules.get().edition == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/yaml", 400),
        (b"\xff", "application/yaml", 400),
        (b"[1, 2]", "application/json", 400),
        (b'"rule_set: a"', "application/json", 400),
        (b"null", "application/json", 400),
        (b"a: *b", "application/yaml", 400),
        (b"x" * 1_000_001, "application/yaml", 400),
        (b"x", "text/plain", 415),
    ],
)
def test_bodies_that_are_no_document(cast: Any, body: bytes, kind: str, status: int) -> None:
    assert cast.client("ops").post(PATH, body, content_type=kind).status_code == status


def test_unknown_parameters_are_refused(cast: Any, rules: RuleSet) -> None:
    answer = cast.client("ops").post(f"{PATH}?dryrun=true", exported(rules))
    assert answer.status_code == 400 and "dry_run" in answer.json()["detail"]


def test_what_others_changed_is_not_undone(cast: Any, rules: RuleSet) -> None:
    client, document = cast.client("ops"), exported(rules)
    Rule.objects.update(note="Changed meanwhile.")
    document["rules"][0]["name"] = "Mine"
    answer = client.post(PATH, document)
    assert answer.status_code == 409 and answer.json()["code"] == "outdated"
    assert rules.rules.get().note == "Changed meanwhile."
    assert client.post(f"{PATH}?force=true", document).status_code == 200
    assert rules.rules.get().name == "Mine"


def test_an_import_is_done_once_for_a_key(cast: Any, rules: RuleSet) -> None:
    client, document = cast.client("ops"), {**exported(rules), "rule_set": "Once"}
    key = {"Idempotency-Key": "k1"}
    first = client.post(PATH, document, headers=key)
    again = client.post(PATH, document, headers=key)
    assert first.status_code == again.status_code == 201 and again["Idempotent-Replay"] == "true"
    assert client.post(f"{PATH}?dry_run=true", document, headers=key).status_code == 422


def test_publish_and_roll_back(cast: Any, rules: RuleSet) -> None:
    client = cast.client("ops")
    world.rule(rules, cast.bob, name="More")
    made = client.post(at(rules, "publish"), {"summary": "Bob helps"})
    assert made.status_code == 201
    body = made.json()
    assert (body["number"], body["is_live"], body["summary"], body["rules"]) == (2, True, "Bob helps", 2)
    assert body["published_by"]["name"] == "Olga Ops"

    back = client.post(at(rules, "rollback"), {"version": 1, "reason": "Bob is ill"})
    assert back.status_code == 201 and back.json()["restores"] == 1 and back.json()["number"] == 3
    listed = client.get(at(rules, "versions")).json()["results"]
    assert [(one["number"], one["is_live"]) for one in listed] == [(3, True), (2, False), (1, False)]


def test_what_cannot_go_live_says_why(cast: Any, rules: RuleSet) -> None:
    client = cast.client("ops")
    world.rule(rules, name="Nowhere")
    answer = client.post(at(rules, "publish"), {})
    assert answer.status_code == 409 and answer.json()["code"] == "cannot_publish"
    assert answer.json()["problems"] == ["Rule “Nowhere” has no target: say who gets its leads."]
    assert client.post(at(rules, "rollback"), {"version": 7, "reason": "x"}).status_code == 400
    assert client.post(at(rules, "rollback"), {"version": 1, "reason": "x"}).status_code in (201, 409)


def test_failing_test_leads_stop_it_unless_overridden(cast: Any, rules: RuleSet) -> None:
    client = cast.client("ops")
    world.rule(rules, cast.bob, name="More")
    rules.expectations.create(name="To Bob", given={"country": "DE"}, kind="rep", rep=cast.bob)
    answer = client.post(at(rules, "publish"), {})
    assert answer.status_code == 409 and answer.json()["code"] == "failed_tests"
    assert "To Bob" in answer.json()["problems"][0]
    short = client.post(at(rules, "publish"), {"override": " Holiday  "})
    assert short.status_code == 400 and "in 10 letters or more" in short.json()["errors"]["override"][0]
    made = client.post(at(rules, "publish"), {"override": "Bob is on holiday today"})
    assert made.status_code == 201 and made.json()["overridden"] == "Bob is on holiday today"


def test_what_is_live_already_is_not_published_again(cast: Any, rules: RuleSet) -> None:
    client = cast.client("ops")
    for act, body in (("publish", {}), ("rollback", {"version": 1, "reason": "x"})):
        answer = client.post(at(rules, act), body)
        assert answer.status_code == 409 and answer.json()["code"] == "already_live"
    assert "v1 is live already and says the same" in client.post(at(rules, "publish"), {}).json()["detail"]
    assert Version.objects.count() == 1


def test_a_format_that_there_is_not(cast: Any, rules: RuleSet) -> None:
    client = cast.client("ops")
    answer = client.get(at(rules, "export") + "?format=xml")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "format: There is no format “xml”. There is: json, yaml."
    assert client.get(at(rules, "export") + "?format=json").json() == exported(rules)
    assert "There is: json." in client.get(at(rules) + "?format=yaml").json()["detail"]


def test_a_rule_set_that_is_not_there(cast: Any) -> None:
    client = client_of(cast.users.ops)
    assert (
        client.get(f"{PATH}999999/").status_code
        == client.post(f"{PATH}999999/publish/", {}).status_code
        == 404
    )
