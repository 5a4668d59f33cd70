"""Promise 3: a decision is a pure function of what it stored."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from leadrouting.assignments import ownership
from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead
from leadrouting.rules.models import Version
from leadrouting.rules.services import publish
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def history() -> None:
    """A few hundred decisions of every kind: caps reached, steps fallen through, members lost, moved by hand."""
    ann, ben, cy = world.rep("Ann", max_open=20), world.rep("Ben", max_day=30), world.rep("Cy")
    away = world.rep("Di", presence="away")
    first, wide = (
        world.pool(ann, ben, away, weights=[3, 1, 2]),
        world.pool(ann, ben, cy, strategy="least_loaded"),
    )
    rules = world.rule_set()
    world.rule(rules, ann, first, when=[("country", "is", "IN")], name="Named first")
    world.rule(rules, away, first, wide, when=[("country", "is", "DE")], name="Falls through")
    world.rule(rules, world.queue("Partners"), when=[("source", "is", "partner")], name="Straight to a queue")
    publish(rule_set=rules, by=None, now=world.NOON)
    countries = ["IN", "DE", "FR", "DE"]
    leads = [
        Lead(name=f"L{n}", country=countries[n % 4], source="partner" if n % 10 == 2 else "web")
        for n in range(160)
    ]
    Lead.objects.bulk_create(leads)
    route_many([Order(lead.pk) for lead in leads[:100]], world.NOON)
    first.memberships.filter(rep=ben).delete()
    route_many([Order(lead.pk, Cause.SWEEP) for lead in leads[100:]], world.NOON + timedelta(days=1))
    owned = Lead.objects.filter(owner=ann).first()
    ops = world.user(role=User.Role.OPS)
    ownership.reassign(
        lead_id=owned.pk, to=cy, by=ops, reason="Knows them", now=world.NOON + timedelta(days=2)
    )


def test_every_stored_decision_decides_the_same_again(history):
    decisions = list(Decision.objects.order_by("id"))
    assert len(decisions) == 161
    assert list(differences(decisions)) == []


def test_decisions_from_before_waits_and_owners_still_decide_the_same(history):
    """What older engines stored knows none of the newer keys; nothing needs them."""
    assert not any({"wait", "waited"} & step.keys() for one in Decision.objects.all() for step in one.tried)
    for version in Version.objects.all():
        for rule in version.document["rules"]:
            assert not {"skills", "valid_from"} & rule.keys()
            assert not any({"wait", "drop_skills", "only_present"} & step.keys() for step in rule["ladder"])


def test_every_decision_has_a_sentence_that_names_its_owner(history, django_assert_num_queries):
    decisions = list(Decision.objects.select_related("rep__user", "queue", "actor"))
    with django_assert_num_queries(3):
        said = sentences(decisions)
    for decision in decisions:
        assert str(decision.rep or decision.queue) in said[decision.pk]
    assert explanation(decisions[-1])


def test_one_by_one_and_all_at_once_decide_the_same():
    def set_up() -> list[int]:
        members = world.reps(4, max_open=9)
        world.live(world.pool(*members, weights=[1, 2, 3, 4]))
        leads = [Lead(name=f"L{n}") for n in range(40)]
        Lead.objects.bulk_create(leads)
        return [lead.pk for lead in leads]

    def owners(leads: list[int]) -> list[int | None]:
        places = {rep: n for n, rep in enumerate(sorted(set(filter(None, map(owner, leads)))))}
        return [places.get(owner(lead)) for lead in leads]

    def owner(lead: int) -> int | None:
        return Lead.objects.values_list("owner_id", flat=True).get(pk=lead)

    at_once = set_up()
    route_many([Order(lead) for lead in at_once], world.NOON)
    one_by_one = set_up()
    for lead in one_by_one:
        route_many([Order(lead)], world.NOON)

    assert owners(at_once) == owners(one_by_one)
    assert None in owners(at_once), "Caps are to be reached, too."


def test_nothing_of_a_stored_decision_changes(history):
    """Nor what says how it came about: a forged cause would keep the replay from looking."""
    for column, value in (
        ("cause", "'unrouted'"),
        ("step", "7"),
        ("reason", "'forged'"),
        ("engine_version", "9"),
    ):
        with (
            pytest.raises(DatabaseError, match="cannot be changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE assignments_decision SET {column} = {value}")
