"""Rules about custom attributes: at once in every process, frozen with a version, and told when one is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from leadrouting.assignments.services import route
from leadrouting.leads.models import Attribute, Lead
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import attributes_of, draft_of
from leadrouting.rules.services import problems_of, publish
from tests import world


@pytest.fixture
def band(db) -> Attribute:
    return Attribute.objects.create(key="band", label="band", type="choice", choices=["Small", "Large"])


def routed(**values: object) -> str:
    lead = world.lead(**values)
    route(lead.pk, now=world.NOON)
    lead = Lead.objects.get(pk=lead.pk)
    return str(lead.owner or lead.queue)


def test_a_version_asks_what_it_asked_when_it_was_published(band):
    version = world.live(
        world.rep("Ann"), when=[("attributes.band", "is", "large")], catch_all=world.queue("Rest")
    )
    assert version.document["attributes"] == [
        {
            "key": "band",
            "label": "band",
            "type": "choice",
            "choices": ["Small", "Large"],
            "unit": "",
            "help": "",
        }
    ]
    before = routed(attributes={"band": "Large"}), routed(attributes={"band": "Small"})
    Attribute.objects.update(label="another name", choices=["Large", "Huge"], unit="", help="Changed.")
    after = routed(attributes={"band": "Large"}), routed(attributes={"band": "Small"})
    assert before == after == ("Ann", "Rest")


def test_only_attributes_that_are_asked_about_are_frozen(band):
    """Also when one has the key of a built-in fact that a rule asks about."""
    Attribute.objects.create(key="country", label="country of birth", type="text")
    rules = world.rule_set()
    world.rule(rules, world.rep(), when=[("attributes.band", "is", "Large"), ("country", "is", "DE")])
    assert [one["key"] for one in attributes_of(draft_of(rules)["rules"])] == ["band"]


def test_a_draft_that_asks_about_one_that_is_gone_says_so(band):
    rules = world.rule_set()
    world.rule(rules, world.rep(), when=[("attributes.band", "is", "Large")], name="By band")
    Attribute.objects.filter(pk=band.pk)._raw_delete("default")  # past every check, as raw SQL would
    [problem] = problems_of(draft_of(rules))
    assert "Rule “By band”, condition 1: There is no fact “attributes.band”" in str(problem)


def test_a_draft_that_names_a_choice_that_is_gone_says_so(band):
    rules = world.rule_set()
    world.rule(rules, world.rep(), when=[("attributes.band", "is", "Large")], name="By band")
    Attribute.objects.update(choices=["Small"])
    [problem] = problems_of(draft_of(rules))
    assert "“By band”" in str(problem) and "Large" in str(problem)


def test_nothing_is_remembered_of_the_catalogue(band):
    assert "attributes.new" not in catalogue()
    Attribute.objects.create(key="new", label="new", type="text")
    assert "attributes.new" in catalogue()


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_new_one(database_url):
    """It was started before the attribute was made."""
    code = (
        "import django; django.setup()\n"
        "from leadrouting.rules.catalogue import catalogue\n"
        "print('attributes.new' in catalogue(), flush=True); input()\n"
        "print('attributes.new' in catalogue(), flush=True)"
    )
    environment = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin and other.stdout
        assert other.stdout.readline() == "False\n"
        Attribute.objects.create(key="new", label="new", type="text")
        connection.close()
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "True\n"


@pytest.mark.django_db
def test_publishing_with_a_new_one_routes_by_it_at_once():
    rules = world.rule_set(catch_all=world.queue("Rest"))
    Attribute.objects.create(key="seats", label="seats", type="number")
    world.rule(rules, world.rep("Ann"), when=[("attributes.seats", ">=", "10")])
    publish(rule_set=rules, by=None, now=world.NOON)
    assert [routed(attributes={"seats": seats}) for seats in (10, "10.5", 9, "x")] == [
        "Ann",
        "Ann",
        "Rest",
        "Rest",
    ]
