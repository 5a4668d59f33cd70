"""1,000 rules go in and out in a number of statements that does not grow with them."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouting.rules.files import exported, exported_yaml, import_json, import_yaml
from leadrouting.rules.models import RuleSet
from tests import world

pytestmark = pytest.mark.django_db

MOST = 60
"""Statements; 24 read, the rest write in batches of 500 and more."""


def document(inbound: RuleSet, rules: int) -> dict[str, Any]:
    (first, *_) = exported(inbound)["rules"]
    many = [{**first, "name": f"Rule {number}"} for number in range(rules)]
    return {"rule_set": "Large", "catch_all": "Triage", "rules": many}


def test_a_thousand_rules(inbound: RuleSet, django_assert_max_num_queries: Any) -> None:
    large = document(inbound, 1000)
    with django_assert_max_num_queries(MOST):
        made = import_json(large, by=None, now=world.NOON)
    assert made.plan.count("new") == 1000 and made.rule_set is not None
    with django_assert_max_num_queries(16):
        file = exported_yaml(made.rule_set)
    with django_assert_max_num_queries(MOST):
        assert import_yaml(file, by=None, now=world.NOON).plan.is_empty

    for rule in large["rules"]:
        rule["when"] = [["country", "is", "NP"]]
        rule["logic"] = ""
    large["rules"].reverse()
    with django_assert_max_num_queries(MOST):
        changed = import_json(large, by=None, now=world.NOON)
    assert changed.plan.count("changed") == 1000
    with django_assert_max_num_queries(MOST):
        import_json({**large, "rules": large["rules"][:1]}, by=None, now=world.NOON)
    assert made.rule_set.rules.get().name == "Rule 999"


def test_as_many_queries_for_ten_rules_as_for_one(inbound: RuleSet, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        import_json(document(inbound, 1), by=None, now=world.NOON, dry_run=True)
    with django_assert_num_queries(len(few) + 0):
        import_json(document(inbound, 10), by=None, now=world.NOON, dry_run=True)
