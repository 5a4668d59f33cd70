"""Why a lead went where it went: rule by rule, step by step, who was owed what, and what nearly happened."""

from datetime import timedelta

import pytest

from leadrouting.assignments import ownership
from leadrouting.assignments.models import Decision
from leadrouting.assignments.services import route
from leadrouting.assignments.stories import SHOWN, story
from leadrouting.rules.services import publish
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db


def routed(**values):
    lead = world.lead(**values)
    route(lead.pk, now=world.NOON)
    return Decision.objects.get(lead=lead)


@pytest.fixture
def cast():
    ann, ben = world.rep("Ann Ash"), world.rep("Ben Bay")
    away = world.rep("Di Dell", presence="away")
    rules = world.rule_set()
    pool = world.pool(ann, ben, away, weights=[3, 1, 1], name="Senior closers")
    world.rule(
        rules,
        ben,
        when=[("country", "is", "IN")],
        name="Not yet",
        valid_from=world.NOON + timedelta(days=1),
    )
    world.rule(rules, ben, when=[("country", "is", "IN"), ("tier", "is", "VIP")], name="India VIP")
    world.rule(rules, pool, world.queue("Partners"), when=[("country", "is", "DE")], name="Germany")
    publish(rule_set=rules, by=None, now=world.NOON)
    return ann, ben, pool


def test_the_whole_story(cast):
    told = story(routed(country="DE", tier="VIP"))
    assert [rule.sentence for rule in told.rules] == [
        "“Not yet” was not asked: it is valid only from 2026-03-05 12:00 UTC.",
        "“India VIP” did not match: it asks that country is India, but country is Germany.",
        "“Germany” matched: when country is Germany.",
    ]
    assert [rule.failed for rule in told.rules] == ["", "country is India", ""]
    assert told.ladder == ["First Senior closers", "else Partners"]
    assert [(one.name, one.says) for one in told.candidates] == [
        ("Ann Ash", "took it"),
        ("Di Dell", "was away"),
        ("Ben Bay", "comes later in the rotation"),
    ]
    assert told.turn == "Ann Ash was owed 0.75 of a lead, the most."
    assert told.nearest.sentence == (
        "If country were India instead of Germany, rule “India VIP” would have matched."
    )
    assert told.gist == told.turn


def test_the_turn_is_told_truly_for_every_lead(cast):
    """The credits of all turns follow from what was stored; the words name who was owed the most only if so."""
    said = [story(routed(country="DE")).turn for _ in range(8)]
    assert said[0] == "Ann Ash was owed 0.75 of a lead, the most."
    assert all(said)
    assert any(turn.startswith("Ben Bay was owed") for turn in said)


def test_nobody_was_compared_where_the_rule_names_a_rep(cast):
    told = story(routed(country="IN", tier="VIP"))
    assert told.turn == ""
    assert told.nearest.rule is None or told.nearest.rule.name == "Germany"


def test_by_hand_no_rule_was_asked(cast):
    _, ben, _ = cast
    decision = routed(country="DE")
    ops = world.user("Olga", role=User.Role.OPS)
    ownership.reassign(lead_id=decision.lead_id, to=ben, by=ops, reason="Knows them", now=world.NOON)
    newest = Decision.objects.first()
    told = story(newest)
    assert told.rules == [] and told.ladder == [] and told.nearest is None
    assert told.sentence == "Ben Bay, reassigned by Olga: Knows them."


def test_many_rules_are_cut_short_and_cost_no_more(django_assert_max_num_queries):
    rules = world.rule_set()
    for number in range(60):
        world.rule(rules, world.queue(f"Q{number}"), when=[("country", "is", "IN")], name=f"Rule {number}")
    world.rule(rules, world.queue("Last"), name="Everything else")
    publish(rule_set=rules, by=None, now=world.NOON)
    decision = routed(country="DE")
    with django_assert_max_num_queries(25):  # the first time the version and the people are read
        story(decision)
    with django_assert_max_num_queries(7):
        told = story(decision)
    assert len(told.rules) == SHOWN + 1
    assert told.more_rules == 60 - SHOWN
    assert told.rules[-1].name == "Everything else" and told.rules[-1].matched
